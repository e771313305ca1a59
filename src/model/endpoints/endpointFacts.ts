import type { IEndpoint, IEndpointMetadata } from '../../sdk';
import { NotFoundError } from '../../sdk';
import type { IEndpointInfo } from '../../tokens';
import type { IService } from '../services';

/**
 * What a service tells of an endpoint. One that does not answer for itself
 * hides no other.
 *
 * @param me - UUID of whoever is signed in, where known.
 * @param isAdded - Whether a person added it: its names are the service's.
 */
export async function describeEndpoint(
  service: Pick<IService, 'client' | 'profile'>,
  { id, name, displayName, owner }: IEndpoint,
  me: string | null,
  isAdded = false
): Promise<IEndpointInfo> {
  const { client, profile } = service;
  const [status, metadata] = await Promise.allSettled([
    client.getEndpointStatus(id),
    client.getEndpointMetadata(id)
  ]);
  const known = status.status === 'fulfilled' ? status.value : null;
  const facts = metadata.status === 'fulfilled' ? metadata.value : null;
  const count = (key: string): number | undefined => {
    const value = known?.details[key];
    return typeof value === 'number' ? value : undefined;
  };
  const ownerId = owner ?? facts?.owner;
  return {
    id,
    name: isAdded ? (facts?.displayName ?? displayName) : displayName,
    registeredName: isAdded ? (facts?.name ?? name) : name,
    service: profile.name,
    status: toStatus(known?.status),
    workers: count('total_workers'),
    idleWorkers: count('idle_workers'),
    pendingTasks: count('pending_tasks'),
    pythonVersion: facts?.pythonVersion,
    endpointVersion: facts?.endpointVersion,
    description: facts?.description,
    userConfigSchema: facts?.userConfigSchema,
    details: known?.details,
    ...(isAdded && { isAdded }),
    ...(me !== null &&
      ownerId !== undefined && { isOwned: ownerId.toLowerCase() === me }),
    ...(facts?.multiUser && { isMultiUser: true })
  };
}

/**
 * The tutorial endpoint, which a service knows without listing it.
 *
 * @returns `null` where the service does not know it.
 */
export async function describeTutorial(
  service: Pick<IService, 'client' | 'profile'>,
  id: string
): Promise<IEndpointInfo | null> {
  let facts: IEndpointMetadata | null = null;
  try {
    facts = await service.client.getEndpointMetadata(id);
  } catch (reason) {
    if (reason instanceof NotFoundError) {
      return null;
    }
  }
  const name = facts?.name ?? 'tutorial_endpoint';
  const displayName = facts?.displayName ?? 'Tutorial endpoint';
  return describeEndpoint(service, { id, name, displayName }, null);
}

function toStatus(status: string | undefined): IEndpointInfo['status'] {
  return status === 'online' || status === 'offline' ? status : 'unknown';
}
