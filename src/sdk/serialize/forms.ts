/**
 * Writes values and functions in the form of a strategy.
 */

import { ComputeError, SerializationError } from '../errors.js';
import { dumps } from '../pickle/writer.js';
import { encodeBase64 } from './base64.js';
import { packBuffers } from './buffers.js';
import { serializeSource } from './code.js';
import { FunctionSource } from './functionsource.js';
import { jsonText } from './json.js';
import { KernelRequired } from './kernelrequired.js';
import type { StrategyId } from './strategies.js';

/**
 * Write a value, or a FunctionSource.
 *
 * @param value - What to write.
 * @param id - A strategy of its kind.
 * @returns Header and body.
 * @throws SerializationError when it has no place in the form.
 * @throws KernelRequired when only Python writes the form.
 */
export function writeForm(value: unknown, id: StrategyId): string {
  if (value instanceof FunctionSource) {
    return writeFunction(value, id);
  }
  switch (id) {
    case '11':
      return `11\n${jsonText(value)}`;
    case '13':
      return `13\n${packBuffers(everyForm(value))}`;
    default:
      return `00\n${encodeBase64(dumps(value))}`;
  }
}

function writeFunction(code: FunctionSource, id: StrategyId): string {
  switch (id) {
    case '03':
    case '04':
    case '10':
    case '12':
    case 'sd':
    case 'st':
      return serializeSource(code.functionName, code.source, id);
    default:
      throw new KernelRequired(
        id,
        'A function is written as bytecode by Python only.'
      );
  }
}

/** The value as JSON and as pickle, without the form it has no place in. */
function everyForm(value: unknown): string[] {
  const forms: string[] = [];
  const failures: string[] = [];
  for (const id of ['11', '00'] as const) {
    try {
      forms.push(writeForm(value, id));
    } catch (error) {
      failures.push(reasonOf(error));
    }
  }
  if (forms.length === 0) {
    throw new SerializationError(failures.join(' '));
  }
  return forms;
}

/**
 * What an error says to a person.
 */
export function reasonOf(error: unknown): string {
  return error instanceof ComputeError ? error.reason : 'The cause is unknown.';
}
