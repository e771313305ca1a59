import type { IBridgeStep } from '../../kernel/step';
import type { FunctionRegistry } from '../../model/functions';
import type { IService } from '../../model/services';
import { NotFoundError } from '../../sdk';
import { RefusedError } from '../explain';
import type { IMagic } from '../magic/magic';
import type { IEndpointFacts } from './endpointFacts';
import { toFunctionSource } from './registration';

/** What the service takes in one task, in bytes: 10 MiB. */
const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;

const MEBIBYTE = 1024 * 1024;

/** How many ids of allowed functions a message names. */
const NAMED_IDS = 3;

/** Serializers that send bytecode, which no other Python version reads. */
const BYTECODE: ReadonlySet<string> = new Set(['dill', 'DillCode']);

/**
 * Make sure that the functions of `--function` exist.
 *
 * @throws RefusedError that names the one that does not.
 * @throws ComputeError when the service cannot be asked.
 */
export async function checkFunctions(
  { client }: Pick<IService, 'client'>,
  functions: IMagic['functions']
): Promise<void> {
  await Promise.all(
    functions.map(async ([name, id]) => {
      try {
        await client.getFunction(id);
      } catch (reason) {
        throw reason instanceof NotFoundError
          ? new RefusedError(
              `--function ${name}=${id}: the service has no function with that id.`
            )
          : reason;
      }
    })
  );
}

/**
 * Make sure that the service and the endpoint take what a step would send, as
 * far as is known.
 *
 * @throws RefusedError that says what to do.
 */
export async function checkStep(
  step: IBridgeStep,
  magic: IMagic,
  { endpoint, allowed }: IEndpointFacts,
  functions: Pick<FunctionRegistry, 'known'>
): Promise<void> {
  for (const { payload, label } of step.tasks) {
    if (payload.length > MAX_PAYLOAD_BYTES) {
      const size = (payload.length / MEBIBYTE).toFixed(1);
      throw new RefusedError(
        `The arguments of ${label} are ${size} MiB, and the service takes 10 MiB for a task. ` +
          'Let the function read them from a file that the endpoint can reach, or send less in each of more calls.'
      );
    }
  }
  if (!allowed?.restricted) {
    return;
  }
  const ids = new Set(allowed.functions.map(id => id.toLowerCase()));
  for (const prepared of step.functions) {
    const id = await functions.known(toFunctionSource(prepared, magic));
    if (id === undefined || !ids.has(id.toLowerCase())) {
      throw new RefusedError(
        `"${endpoint.name}" runs only functions that its owner allows, and ${prepared.name} is not one of them. ` +
          adviceOn(allowed.functions)
      );
    }
  }
}

/**
 * What a person should know before a step is sent, though it is sent.
 *
 * @param kernelVersion - Python version of the kernel.
 */
export function remarksOn(
  magic: IMagic,
  { endpoint, status }: IEndpointFacts,
  kernelVersion: string
): string[] {
  const remarks: string[] = [];
  if (status === 'offline') {
    remarks.push(
      `"${endpoint.name}" is offline. The tasks wait until it is back.`
    );
  }
  const there = endpoint.pythonVersion;
  if (
    BYTECODE.has(magic.serializer ?? '') &&
    there !== undefined &&
    minorOf(there) !== minorOf(kernelVersion)
  ) {
    remarks.push(
      `dill sends bytecode of Python ${minorOf(kernelVersion)}, and "${endpoint.name}" runs Python ${minorOf(there)}, ` +
        'which may not read it. Leave out --serializer to send the source.'
    );
  }
  return remarks;
}

function adviceOn(ids: readonly string[]): string {
  if (ids.length === 0) {
    return 'It allows none at present.';
  }
  const named = ids.slice(0, NAMED_IDS).join(', ');
  const more =
    ids.length > NAMED_IDS ? `, and ${ids.length - NAMED_IDS} more` : '';
  return (
    `Call one of those with --function NAME=UUID (${named}${more}), ` +
    'or register yours with --register-only and ask the owner to allow its id.'
  );
}

/** `3.11` of `3.11.7`. */
function minorOf(version: string): string {
  return version.split('.', 2).join('.');
}
