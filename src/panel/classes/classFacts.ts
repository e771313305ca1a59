import type { TranslationBundle } from '@jupyterlab/translation';

import { formatCount, formatDuration } from '../../model/format';
import type { IClassContent, IServiceInfo } from '../../tokens';

/** A line of what a class file says. */
export interface IClassFact {
  readonly name: string;
  readonly value: string;
  /** An id, or the like: set in a code font. */
  readonly code?: string;
}

/**
 * What a class file says, for a person to read before it is accepted. Nothing
 * of it is looked up.
 *
 * @param service - The service that it names, if this server has it.
 */
export function classFacts(
  content: IClassContent,
  service: IServiceInfo | undefined,
  trans: TranslationBundle
): IClassFact[] {
  const { endpoint, group, python, contact, limits } = content;
  const facts: (IClassFact | undefined)[] = [
    contact ? { name: trans.__('Contact'), value: contact } : undefined,
    {
      name: trans.__('Service'),
      value:
        service?.label ??
        trans.__('%1, which this Jupyter server does not have', content.service)
    },
    endpoint
      ? {
          name: trans.__('Endpoint'),
          value: endpoint.name ?? '',
          code: endpoint.id
        }
      : {
          name: trans.__('Endpoint'),
          value: trans.__('the first that the service has')
        },
    endpoint && {
      name: trans.__('Owner'),
      value: endpoint.owner ?? trans.__('The file does not say.')
    },
    group && {
      name: trans.__('Group'),
      value: group.name ?? '',
      code: group.id
    },
    python !== undefined
      ? { name: trans.__('Python'), value: trans.__('%1 or newer', python) }
      : undefined,
    ...limitFacts(limits ?? {}, trans)
  ];
  return facts.filter(fact => fact !== undefined);
}

function limitFacts(
  {
    tasks,
    payloadBytes,
    walltimeSeconds
  }: NonNullable<IClassContent['limits']>,
  trans: TranslationBundle
): (IClassFact | undefined)[] {
  const name = trans.__('Limit');
  return [
    tasks === undefined
      ? undefined
      : { name, value: trans.__('%1 tasks in all', formatCount(tasks)) },
    payloadBytes === undefined
      ? undefined
      : {
          name,
          value: trans.__(
            '%1 bytes of arguments for a task',
            formatCount(payloadBytes)
          )
        },
    walltimeSeconds === undefined
      ? undefined
      : {
          name,
          value: trans.__(
            '%1 for a task, on this computer',
            formatDuration(walltimeSeconds, trans)
          )
        }
  ];
}
