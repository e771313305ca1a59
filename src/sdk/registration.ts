/**
 * The request that registers a function.
 */

import { ComputeError } from './errors.js';
import type { RegisterFunctionOptions } from './options.js';
import { packBuffers } from './serialize/buffers.js';
import { serializeSource } from './serialize/code.js';
import type { ITransportRequest } from './types.js';
import { COMPATIBLE_SDK_VERSION } from './versions.js';

/** What source text is for: any Python of today. */
const ANY_PYTHON = '3';

/**
 * The request that registers a function, after the Python SDK's
 * `FunctionRegistrationData`: `POST /v3/functions`, or `POST /v2/functions`
 * for a function with a container, which version 3 has no place for.
 *
 * @throws ComputeError, code `INVALID_FUNCTION`, when there is no name, or a
 * function that needs high assurance is to be shared.
 * @throws SerializationError when the source cannot be written as asked.
 */
export function registrationRequest(
  options: RegisterFunctionOptions
): Pick<ITransportRequest, 'path' | 'body'> {
  checkOptions(options);
  const metadata = {
    python_version: ANY_PYTHON,
    sdk_version: COMPATIBLE_SDK_VERSION,
    ...options.metadata,
    ...serdeIdentifier(options)
  };
  const body = {
    function_name: options.name,
    function_code: packedCode(options),
    ...sharing(options)
  };
  if (options.containerUuid) {
    return {
      path: '/v2/functions',
      body: { ...body, metadata, container_uuid: options.containerUuid }
    };
  }
  return {
    path: '/v3/functions',
    body: { ...body, serialized: true, meta: metadata }
  };
}

function checkOptions(options: RegisterFunctionOptions): void {
  if (options.name === '') {
    throw new ComputeError(
      'The function has no name. Give the name it has in its source.',
      { code: 'INVALID_FUNCTION' }
    );
  }
  if (options.haEndpointId && (options.public || options.group)) {
    throw new ComputeError(
      'A function for a high-assurance endpoint cannot be shared. Leave out ' +
        '"public" and "group", or "haEndpointId".',
      { code: 'INVALID_FUNCTION' }
    );
  }
}

/** Who may run the function, and where. */
function sharing(options: RegisterFunctionOptions): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  if (options.description) {
    body.description = options.description;
  }
  if (options.public) {
    body.public = true;
  }
  if (options.group) {
    body.group = options.group;
  }
  if (options.haEndpointId) {
    body.ha_endpoint_id = options.haEndpointId;
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
