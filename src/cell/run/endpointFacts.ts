import type { IService } from '../../model/services';
import type { IAllowedFunctions } from '../../sdk';
import type { IEndpointInfo } from '../../tokens';

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

/** How long an endpoint that had nothing to object is not asked again. */
const FRESH_MS = 5000;

/** Asks endpoints about themselves, not more often than is of use. */
export class EndpointInquiries {
  /**
   * Ask an endpoint, beside other work: who cannot wait reads what has come
   * so far.
   */
  ask(
    service: Pick<IService, 'client' | 'profile'>,
    endpoint: IEndpointInfo
  ): IEndpointFacts {
    const key = `${service.profile.name} ${endpoint.id}`;
    const last = this._last.get(key);
    if (last && Date.now() - last.atMs < FRESH_MS && isOpen(last.facts)) {
      return last.facts;
    }
    const facts = ask(service, endpoint);
    this._last.set(key, { facts, atMs: Date.now() });
    return facts;
  }

  private readonly _last = new Map<
    string,
    { readonly facts: IEndpointFacts; readonly atMs: number }
  >();
}

/** Whether an endpoint takes anything: it may be asked less often then. */
function isOpen({ status, allowed }: IEndpointFacts): boolean {
  return status === 'online' && allowed?.restricted === false;
}

function ask(
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
