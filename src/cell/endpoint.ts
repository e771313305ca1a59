import type { Endpoints } from '../model/endpoints';
import type { IEndpointInfo } from '../tokens';
import { RefusedError } from './explain';

/**
 * The endpoint that a cell asks for, or the default one.
 *
 * @param name - What `-e` says; `null` for the default.
 * @param notebookPath - The notebook whose default it is.
 * @throws RefusedError that says which endpoints there are.
 */
export async function resolveEndpoint(
  endpoints: Pick<Endpoints, 'resolve' | 'items' | 'problem'>,
  name: string | null,
  notebookPath = ''
): Promise<IEndpointInfo> {
  const endpoint = await endpoints.resolve(name, notebookPath);
  if (endpoint) {
    return endpoint;
  }
  if (endpoints.problem !== null) {
    throw new RefusedError(endpoints.problem);
  }
  const known = endpoints.items.map(item => item.name).join(', ');
  throw new RefusedError(
    name === null
      ? 'There is no endpoint to run on.'
      : `There is no endpoint "${name}". Known endpoints: ${known || 'none'}.`
  );
}
