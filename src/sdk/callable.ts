/**
 * What can be called on an endpoint.
 */

import type { Client } from './client.js';
import { ComputeError } from './errors.js';
import type { RegisterFunctionOptions } from './options.js';
import { dedent } from './serialize/code.js';
import { ShellFunction } from './shellfunction.js';

/**
 * What can be called on an endpoint: the UUID of a registered function,
 * Python source, or a shell command.
 */
export type RemoteCallable = string | RegisterFunctionOptions | ShellFunction;

/**
 * Registers functions once each.
 */
export class RegisteredFunctions {
  /**
   * @param client - Registers them.
   */
  constructor(client: Pick<Client, 'registerFunction'>) {
    this._client = client;
  }

  /**
   * UUID of a function; it is registered the first time.
   *
   * @throws ComputeError when it cannot be; the next time it is tried again.
   */
  async idOf(callable: RemoteCallable): Promise<string> {
    if (typeof callable === 'string') {
      return callable;
    }
    const options = registrationOf(callable);
    const key = JSON.stringify({ ...options, signal: undefined });
    let registration = this._ids.get(key);
    if (!registration) {
      registration = this._client.registerFunction(options);
      this._ids.set(key, registration);
      registration.catch(() => this._ids.delete(key));
    }
    return registration;
  }

  private readonly _client: Pick<Client, 'registerFunction'>;
  private readonly _ids = new Map<string, Promise<string>>();
}

/**
 * A function that does several calls in one task and returns a list.
 *
 * @throws ComputeError, code `INVALID_FUNCTION`, when the function's source is
 * not at hand.
 */
export function chunked(callable: RemoteCallable): RegisterFunctionOptions {
  if (typeof callable === 'string' || callable instanceof ShellFunction) {
    throw notDivisible();
  }
  const { name, source, codeStrategy, ...options } = callable;
  if (source === undefined) {
    throw notDivisible();
  }
  const chunkName = `${name}_chunk`;
  const lines = [
    dedent(source).trimEnd(),
    '',
    '',
    `def ${chunkName}(calls):`,
    `    return [${name}(*args, **kwargs) for args, kwargs in calls]`,
    ''
  ];
  return {
    ...options,
    serializedCode: undefined,
    name: chunkName,
    source: lines.join('\n'),
    codeStrategy
  };
}

function registrationOf(
  callable: RegisterFunctionOptions | ShellFunction
): RegisterFunctionOptions {
  return callable instanceof ShellFunction
    ? callable.toRegistration()
    : callable;
}

function notDivisible(): ComputeError {
  return new ComputeError(
    'Several items in one task need the Python source of the function. Give ' +
      'its source, or leave out "chunkSize".',
    { code: 'INVALID_FUNCTION' }
  );
}
