/**
 * The body of a function's registration.
 */

import { ComputeError } from './errors.js';
import type { RegisterFunctionOptions } from './options.js';
import { packBuffers } from './serialize/buffers.js';
import { serializeSource } from './serialize/code.js';

/**
 * The body of `POST /v3/functions`, after the Python SDK's
 * `FunctionRegistrationData`.
 *
 * @throws ComputeError when there is no name.
 * @throws SerializationError when the source cannot be written as asked.
 */
export function registrationBody(
  options: RegisterFunctionOptions
): Record<string, unknown> {
  if (options.name === '') {
    throw new ComputeError(
      'The function has no name. Give the name it has in its source.',
      { code: 'INVALID_FUNCTION' }
    );
  }
  const body: Record<string, unknown> = {
    function_name: options.name,
    function_code: packedCode(options),
    serialized: true,
    meta: { ...options.metadata, ...serdeIdentifier(options) }
  };
  if (options.description) {
    body.description = options.description;
  }
  if (options.public) {
    body.public = true;
  }
  if (options.group) {
    body.group = options.group;
  }
  return body;
}

function packedCode(options: RegisterFunctionOptions): string {
  if (options.serializedCode !== undefined) {
    return options.serializedCode;
  }
  const strategy = options.codeStrategy ?? 'st';
  return packBuffers([serializeSource(options.name, options.source, strategy)]);
}

/** The strategy's name; of packed code, what its first buffer's header says. */
function serdeIdentifier(
  options: RegisterFunctionOptions
): Record<string, string> {
  if (options.serializedCode === undefined) {
    return { serde_identifier: options.codeStrategy ?? 'st' };
  }
  const header = /^\d+\n([0-9a-z]{2})\n/.exec(options.serializedCode);
  return header ? { serde_identifier: header[1] } : {};
}
