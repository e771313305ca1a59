import { SignInNeededError } from '../../model/accounts/signInNeed';
import type { Endpoints } from '../../model/endpoints/endpoints';
import type { IEndpointInfo } from '../../tokens';
import { RefusedError } from '../explain';

/**
 * The endpoint that a cell asks for, or the default one.
 *
 * @param name - What `-e` says; `null` for the default.
 * @param notebookPath - The notebook whose default it is.
 * @throws RefusedError that says which endpoints there are.
 * @throws SignInNeededError where there may be more after a sign-in.
 */
export async function resolveEndpoint(
  endpoints: Pick<
    Endpoints,
    'resolve' | 'items' | 'problem' | 'unseen' | 'chosenFor'
  >,
  name: string | null,
  notebookPath = ''
): Promise<IEndpointInfo> {
  const endpoint = await endpoints.resolve(name, notebookPath);
  if (endpoint) {
    return endpoint;
  }
  const known = endpoints.items.map(item => item.name).join(', ') || 'none';
  const chosen = name ?? endpoints.chosenFor(notebookPath);
  const unseen = endpoints.unseen.at(0);
  if (unseen) {
    const what =
      name !== null
        ? `There is no endpoint "${name}" among those that are known: ${known}. If it is one of ${unseen.label}`
        : chosen !== null
          ? `The endpoint that was chosen for this notebook, ${chosen}, is not known. If it is one of ${unseen.label}`
          : endpoints.problem !== null
            ? `${endpoints.problem}\nTo run on an endpoint of ${unseen.label} instead`
            : `To run on an endpoint of ${unseen.label}`;
    throw new SignInNeededError(
      `${what}, sign in; the cell then goes on by itself.`,
      unseen.service,
      unseen.requirements
    );
  }
  if (endpoints.problem !== null) {
    throw new RefusedError(endpoints.problem);
  }
  throw new RefusedError(
    name !== null
      ? `There is no endpoint "${name}". Known endpoints: ${known}.`
      : chosen !== null
        ? `The endpoint that was chosen for this notebook, ${chosen}, is not there any more. ` +
          `Choose another one. Known endpoints: ${known}.`
        : 'There is no endpoint to run on.'
  );
}
