/**
 * How a client reaches its service.
 */

import type { ILoginManager } from './auth/manager.js';
import type { ComputeSerializer } from './serialize/serializer.js';
import { AxiosTransport } from './transport.js';
import type { ITransport } from './types.js';

/**
 * How a client reaches its service.
 */
export type ClientOptions = (
  | {
      /** Carries the requests. */
      transport: ITransport;
    }
  | {
      /** Address of the service, e.g. `https://compute.api.globus.org`. */
      baseUrl: string;
      /** Gives the tokens; none are sent unless given. */
      loginManager?: ILoginManager;
    }
) & {
  /** Reads and writes values; `00` for data unless given. */
  serializer?: ComputeSerializer;
};

/**
 * The transport the options give or describe.
 */
export function transportOf(options: ClientOptions): ITransport {
  if ('transport' in options) {
    return options.transport;
  }
  const { baseUrl, loginManager } = options;
  return new AxiosTransport({
    baseUrl,
    authorize: loginManager
      ? () => loginManager.getAuthorizationHeaders()
      : undefined
  });
}
