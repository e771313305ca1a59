import type { SignInWaiter } from '../../model/accounts/signInGate';
import type { IService } from '../../model/services';
import type { ClassRun } from './classRun';
import { resolveEndpoint } from './endpoint';
import type { IEndpointFacts } from './endpointFacts';
import { findGroup } from './group';
import { checkFunctions } from './preflight';
import type { IRunServices, IRunTarget } from './runServices';

/** Where a run goes, and what is known of it. */
export interface IAim {
  readonly service: IService;
  readonly facts: IEndpointFacts;
  /** UUID of the group that `--group` names. */
  readonly group: string | null;
  /** Functions of the class that can be called there, by name and id. */
  readonly offered: readonly (readonly [name: string, id: string])[];
}

/**
 * Find out where a cell runs, and begin to ask there about the endpoint.
 *
 * @param waiter - Waits where a person has to sign in first.
 * @throws RefusedError that says what to write instead.
 * @throws ComputeError when a service cannot be asked.
 */
export async function findAim(
  { accounts, endpoints, inquiries, service: serviceOf, signIns }: IRunServices,
  run: ClassRun,
  { notebookPath, landing }: Pick<IRunTarget, 'notebookPath' | 'landing'>,
  waiter: SignInWaiter
): Promise<IAim> {
  const { magic } = run;
  const endpoint = await signIns.pass(
    null,
    () => resolveEndpoint(endpoints, magic.endpoint, notebookPath),
    waiter
  );
  const service = await serviceOf(endpoint.service);
  const found = await signIns.pass(
    endpoint.service,
    async () => {
      await checkFunctions(service, magic.functions);
      return {
        offered: await run.offered(service, text => {
          landing.addStream('stderr', `Note: ${text}\n`);
        }),
        group: await findGroup(accounts, endpoint.service, magic.group)
      };
    },
    waiter
  );
  return { service, ...found, facts: inquiries.ask(service, endpoint) };
}
