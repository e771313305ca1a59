/**
 * Reads functions, as far as they are source text.
 *
 * @see globus_compute_sdk/serialize/concretes.py
 */

import { DeserializationError } from '../errors.js';
import { loads } from '../pickle/reader.js';
import { PyTuple } from '../pickle/values.js';
import { decodeBase64 } from './base64.js';
import { unpackBuffers } from './buffers.js';
import { FunctionSource } from './functionsource.js';
import { KernelRequired } from './kernelrequired.js';
import type { IStrategy, StrategyId } from './strategies.js';

/** A serialized function of one of the simple strategies. */
type Member = readonly [header: string, body: string];

/** Separates name and source, and the members of strategy `10`. */
const SEPARATOR = ':';

/** Begins the last member of strategy `10`, after another of source. */
const LAST_MEMBER = ':st\n:';

/** Two characters and a newline. */
const HEADER_LENGTH = 3;

/**
 * Read a function.
 *
 * @param strategy - Its strategy.
 * @param body - The text after the header.
 * @throws KernelRequired when no form of it is source.
 * @throws DeserializationError when it is malformed.
 */
export function readFunction(
  strategy: IStrategy,
  body: string
): FunctionSource {
  const members = membersOf(strategy.id, body);
  let failure: unknown;
  for (const [header, text] of members) {
    try {
      const found = readMember(header, text, strategy.id);
      if (found) {
        return found;
      }
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure instanceof DeserializationError
    ? failure
    : new KernelRequired(
        strategy.id,
        `The function was serialized by ${strategy.className}, in a form ` +
          'that only Python can read.'
      );
}

function membersOf(id: StrategyId, body: string): Member[] {
  switch (id) {
    case '10':
      return combinedMembers(body);
    case '12':
      return unpackBuffers(body).map((text): Member => [
        text.slice(0, HEADER_LENGTH - 1),
        text.slice(HEADER_LENGTH)
      ]);
    default:
      return [[id, body]];
  }
}

/** `header:body:header:body`, where a body of source holds separators too. */
function combinedMembers(body: string): Member[] {
  const members: Member[] = [];
  let rest = body;
  while (rest !== '') {
    const header = rest.slice(0, HEADER_LENGTH - 1);
    const text = rest.slice(HEADER_LENGTH + SEPARATOR.length);
    const end = memberEnd(header, text);
    members.push([header, text.slice(0, end)]);
    rest = text.slice(end + SEPARATOR.length);
  }
  return members;
}

function memberEnd(header: string, text: string): number {
  const separator =
    header === 'st'
      ? -1
      : header === 'sd'
        ? text.lastIndexOf(LAST_MEMBER)
        : text.indexOf(SEPARATOR);
  return separator < 0 ? text.length : separator;
}

/** The function of a member; `undefined` where it is no source. */
function readMember(
  header: string,
  body: string,
  strategy: StrategyId
): FunctionSource | undefined {
  switch (header) {
    case 'st':
    case 'sd': {
      const end = body.indexOf(SEPARATOR);
      if (end < 0) {
        throw new DeserializationError('The source of a function has no name.');
      }
      const source = body.slice(end + SEPARATOR.length);
      return new FunctionSource(body.slice(0, end), source, strategy);
    }
    case '03':
    case '04':
      return readPickled(body, strategy);
    default:
      return undefined;
  }
}

function readPickled(body: string, strategy: StrategyId): FunctionSource {
  const pair = loads(decodeBase64(body));
  const [name, source] = pair instanceof PyTuple ? pair : [];
  if (typeof name !== 'string' || typeof source !== 'string') {
    throw new DeserializationError(
      'The source of a function is not a pair of name and text.'
    );
  }
  return new FunctionSource(name, source, strategy);
}
