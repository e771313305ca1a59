import type {
  IClassContent,
  IClassRules,
  IReadiness,
  IReadinessFinding
} from '../../tokens';
import type { Accounts } from '../accounts/accounts';
import type { Endpoints } from '../endpoints/endpoints';
import type { Services } from '../services';
import type { ClassFiles } from './classFiles';
import {
  accountFinding,
  classFinding,
  endpointFinding,
  groupFinding,
  pythonFinding,
  tasksFinding
} from './readinessFindings';

/** What readiness is told from. */
interface IReadinessSources {
  readonly services: Pick<Services, 'all'>;
  readonly accounts: Pick<Accounts, 'ready' | 'find' | 'groups'>;
  readonly endpoints: Pick<
    Endpoints,
    'refresh' | 'find' | 'defaultFor' | 'problem'
  >;
  readonly classFiles: Pick<ClassFiles, 'refresh' | 'refreshRules'>;
}

/**
 * Looks whether a notebook can be run where it says. It runs nothing, and asks
 * no service that only a class file names before that is accepted.
 */
export class Readiness implements IReadiness {
  constructor(sources: IReadinessSources) {
    this._services = sources.services;
    this._accounts = sources.accounts;
    this._endpoints = sources.endpoints;
    this._classFiles = sources.classFiles;
  }

  async check(
    notebookPath: string,
    kernelPython: string | null
  ): Promise<readonly IReadinessFinding[]> {
    const services = await this._known();
    if (typeof services === 'string') {
      return [
        { about: 'server', state: 'problem', text: services, advice: '' }
      ];
    }
    const file = await this._classFiles.refresh(notebookPath);
    const rules =
      file?.state === 'accepted'
        ? await this._classFiles.refreshRules(notebookPath)
        : null;
    const python = pythonFinding(file?.content ?? null, kernelPython);
    return [
      ...(file ? [classFinding(file)] : []),
      ...(rules
        ? await this._ofClass(rules, services)
        : await this._ofDefault(notebookPath)),
      ...(python ? [python] : [])
    ];
  }

  /** The names of the services, or why they cannot be had. */
  private async _known(): Promise<string[] | string> {
    try {
      return (await this._services.all()).map(({ profile }) => profile.name);
    } catch (reason) {
      return messageOf(reason);
    }
  }

  private async _ofDefault(notebookPath: string): Promise<IReadinessFinding[]> {
    await this._endpoints.refresh();
    const endpoint = this._endpoints.defaultFor(notebookPath);
    if (!endpoint) {
      return [
        {
          about: 'endpoint',
          state: 'problem',
          text:
            this._endpoints.problem ??
            'There is no endpoint that cells run on.',
          advice: 'Add one in the side panel, under Endpoints.'
        }
      ];
    }
    const { name, status } = endpoint;
    return [endpointFinding(name, status)];
  }

  private async _ofClass(
    { content, endpoint, detour, file }: IClassRules,
    services: readonly string[]
  ): Promise<IReadinessFinding[]> {
    const found: IReadinessFinding[] = [];
    if (!services.includes(content.service)) {
      found.push({
        about: 'service',
        state: 'problem',
        text: `This Jupyter server has no compute service "${content.service}".`,
        advice: 'Ask whoever set the server up to add it.'
      });
    } else {
      found.push(
        ...(await this._account(content.service)),
        ...(await this._group(content))
      );
    }
    if (detour !== null) {
      found.push({
        about: 'endpoint',
        state: 'problem',
        text: detour,
        advice: endpoint
          ? 'The notebook works here all the same. To run where the class does, put right what is said above.'
          : 'There is no endpoint on this computer either.'
      });
    } else if (endpoint) {
      await this._endpoints.refresh();
      const now = this._endpoints.find(endpoint.id) ?? endpoint;
      found.push(endpointFinding(now.name, now.status));
    }
    const limit = content.limits?.tasks;
    if (limit !== undefined) {
      found.push(tasksFinding(limit, file.tasks));
    }
    return found;
  }

  /** As whom the service is used, if it has to know. */
  private async _account(service: string): Promise<IReadinessFinding[]> {
    await this._accounts.ready();
    const account = this._accounts.find(service);
    return account ? [accountFinding(account)] : [];
  }

  /** Whether one is in the group of the class. */
  private async _group(content: IClassContent): Promise<IReadinessFinding[]> {
    const { group, service } = content;
    if (!group || this._accounts.find(service)?.state !== 'signed-in') {
      return [];
    }
    try {
      const groups = await this._accounts.groups(service);
      const isMember = groups.some(({ id }) => same(id, group.id));
      return [groupFinding(content, isMember)];
    } catch (reason) {
      return [groupFinding(content, messageOf(reason))];
    }
  }

  private readonly _services: IReadinessSources['services'];
  private readonly _accounts: IReadinessSources['accounts'];
  private readonly _endpoints: IReadinessSources['endpoints'];
  private readonly _classFiles: IReadinessSources['classFiles'];
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
