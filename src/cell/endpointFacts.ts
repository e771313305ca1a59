import type { IService } from '../model/services';
import type { IAllowedFunctions } from '../sdk';
import type { IEndpointInfo } from '../tokens';

/** What there is to know of an endpoint before tasks are sent to it. */
export interface IEndpointFacts {
  readonly endpoint: IEndpointInfo;
  /** Whether it takes tasks now, as far as is known. */
  readonly status: IEndpointInfo['status'];
  /** The functions it runs; `null` while, or if, it does not tell. */
  readonly allowed: IAllowedFunctions | null;
  /** Resolves when it has told all it tells; never rejects. */
  readonly complete: Promise<void>;
}

/**
 * Ask an endpoint about itself, beside other work: who cannot wait reads what
 * has come so far.
 */
export function askEndpoint(
  { client }: Pick<IService, 'client'>,
  endpoint: IEndpointInfo
): IEndpointFacts {
  let status = endpoint.status;
  let allowed: IAllowedFunctions | null = null;
  const asked = [
    client.getEndpointStatus(endpoint.id).then(answer => {
      if (answer.status === 'online' || answer.status === 'offline') {
        status = answer.status;
      }
    }),
    // Not everybody may ask; then the service is the first to refuse.
    client.getAllowedFunctions(endpoint.id).then(answer => {
      allowed = answer;
    })
  ];
  return {
    endpoint,
    get status() {
      return status;
    },
    get allowed() {
      return allowed;
    },
    complete: Promise.allSettled(asked).then(() => undefined)
  };
}
