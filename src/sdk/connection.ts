/**
 * How a client reaches its service.
 */

import { loginManagerFromEnvironment } from './auth/environment.js';
import type { ILoginManager } from './auth/manager.js';
import { LimitedTransport } from './limitedtransport.js';
import { type IRateLimit, RateLimiter } from './ratelimit.js';
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
      /**
       * Gives the tokens; `null` sends none. In Node, client credentials from
       * the environment are used unless given: see
       * {@link loginManagerFromEnvironment}.
       */
      loginManager?: ILoginManager | null;
    }
) & {
  /** Reads and writes values; `00` for data unless given. */
  serializer?: ComputeSerializer;

  /**
   * How many requests may be sent in which time: 20 in 10 seconds unless
   * given, as Globus Compute allows. `false` for services that keep their own
   * budget, such as the local service.
   */
  rateLimit?: IRateLimit | false;
};

/**
 * How a client's requests travel, and as whom.
 */
export interface IConnection {
  /** Carries the requests, within the budget. */
  transport: ITransport;

  /** Gives the tokens, where the client has any to do with them. */
  loginManager?: ILoginManager;
}

/**
 * The connection the options give or describe.
 *
 * @throws AuthenticationError when the environment holds half a pair of client
 * credentials.
 */
export function connect(options: ClientOptions): IConnection {
  const connection =
    'transport' in options ? { transport: options.transport } : http(options);
  const { rateLimit } = options;
  return rateLimit === false
    ? connection
    : {
        ...connection,
        transport: new LimitedTransport(
          connection.transport,
          new RateLimiter(rateLimit)
        )
      };
}

function http(options: {
  baseUrl: string;
  loginManager?: ILoginManager | null;
}): IConnection {
  const { baseUrl, loginManager = loginManagerFromEnvironment() } = options;
  return loginManager
    ? { transport: loginManager.getWebClient({ baseUrl }), loginManager }
    : { transport: new AxiosTransport({ baseUrl }) };
}
