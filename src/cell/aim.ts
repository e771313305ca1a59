import type { IService } from '../model/services';
import type { SignInWaiter } from '../model/signInGate';
import { resolveEndpoint } from './endpoint';
import type { IEndpointFacts } from './endpointFacts';
import { askEndpoint } from './endpointFacts';
import { findGroup } from './group';
import type { IMagic } from './magic';
import { checkFunctions } from './preflight';
import type { IRunServices } from './runServices';

/** Where a run goes, and what is known of it. */
export interface IAim {
  readonly service: IService;
  readonly facts: IEndpointFacts;
  /** UUID of the group that `--group` names. */
  readonly group: string | null;
}

/**
 * Find out where a cell runs, and begin to ask there about the endpoint.
 *
 * @param waiter - Waits where a person has to sign in first.
 * @throws RefusedError that says what to write instead.
 * @throws ComputeError when a service cannot be asked.
 */
export async function findAim(
  { accounts, endpoints, service: serviceOf, signIns }: IRunServices,
  magic: IMagic,
  notebookPath: string,
  waiter: SignInWaiter
): Promise<IAim> {
  const endpoint = await signIns.pass(
    null,
    () => resolveEndpoint(endpoints, magic.endpoint, notebookPath),
    waiter
  );
  const service = await serviceOf(endpoint.service);
  const group = await signIns.pass(
    endpoint.service,
    async () => {
      await checkFunctions(service, magic.functions);
      return findGroup(accounts, endpoint.service, magic.group);
    },
    waiter
  );
  return { service, group, facts: askEndpoint(service, endpoint) };
}
