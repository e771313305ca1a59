import { PathExt } from '@jupyterlab/coreutils';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  IClassContent,
  IClassFile,
  IClassFiles,
  IClassRules,
  IEndpointInfo
} from '../../tokens';
import type { Accounts } from '../accounts/accounts';
import type { Endpoints } from '../endpoints/endpoints';
import type { Gateway } from '../gateway';
import type { IService, Services } from '../services';

/* JupyterLab's collaboration serves the server's own files under this name. */
const SHARED_DRIVE = 'RTC:';

/** How long a folder that had no class file is taken to have none. */
const ABSENT_MS = 5000;

/** What is known of one folder. */
interface IFolder {
  readonly file: IClassFile | null;
  readonly rules: IClassRules | null;
}

/** What class files need from the rest of the model. */
interface IClassSurroundings {
  readonly services: Pick<Services, 'all'>;
  readonly accounts: Pick<Accounts, 'ready' | 'find'>;
  readonly endpoints: Pick<Endpoints, 'items' | 'refresh' | 'reach'>;
}

/** The class files beside the notebooks, as the gateway reads them. */
export class ClassFiles implements IClassFiles {
  constructor(
    gateway: Pick<Gateway, 'request'>,
    { services, accounts, endpoints }: IClassSurroundings
  ) {
    this._gateway = gateway;
    this._services = services;
    this._accounts = accounts;
    this._endpoints = endpoints;
  }

  get changed(): ISignal<this, string> {
    return this._changed;
  }

  get(notebookPath: string): IClassFile | null | undefined {
    const folder = folderOf(notebookPath);
    return folder === null ? null : this._folders.get(folder)?.file;
  }

  rules(notebookPath: string): IClassRules | null {
    const folder = folderOf(notebookPath);
    return folder === null ? null : (this._folders.get(folder)?.rules ?? null);
  }

  async refresh(notebookPath: string): Promise<IClassFile | null> {
    const folder = folderOf(notebookPath);
    if (folder === null) {
      return null;
    }
    const file = await this._read(folder);
    this._note(folder, file);
    return file;
  }

  async refreshRules(notebookPath: string): Promise<IClassRules | null> {
    const folder = folderOf(notebookPath);
    const file = await this.refresh(notebookPath);
    if (folder === null || file?.state !== 'accepted' || !file.content) {
      return null;
    }
    const rules = { ...(await this._place(file.content)), file };
    this._set(folder, { file, rules });
    return rules;
  }

  /**
   * The same for a run of a cell, which does not wait for the gateway where
   * there was no class file a moment ago.
   */
  async rulesForRun(notebookPath: string): Promise<IClassRules | null> {
    const absentSinceMs = this._absent.get(folderOf(notebookPath) ?? '');
    return absentSinceMs !== undefined && Date.now() - absentSinceMs < ABSENT_MS
      ? null
      : this.refreshRules(notebookPath);
  }

  async accept(notebookPath: string, file: IClassFile): Promise<void> {
    await this._gateway.request('POST', 'class-file/acceptance', {
      folder: folderOf(notebookPath) ?? '',
      hash: file.hash
    });
    await this.refreshRules(notebookPath);
  }

  async withdraw(notebookPath: string, file: IClassFile): Promise<void> {
    await this._gateway.request('DELETE', `class-file/acceptance/${file.hash}`);
    await this.refresh(notebookPath);
  }

  isPostponed({ hash }: IClassFile): boolean {
    return this._postponed.has(hash);
  }

  postpone(notebookPath: string, { hash }: IClassFile): void {
    this._postponed.add(hash);
    this._changed.emit(folderOf(notebookPath) ?? '');
  }

  async check(content: unknown): Promise<readonly string[]> {
    const { problems } = (await this._gateway.request(
      'POST',
      'class-file/check',
      { content }
    )) as { problems: string[] };
    return problems;
  }

  private async _read(folder: string): Promise<IClassFile | null> {
    try {
      const { file } = (await this._gateway.request(
        'GET',
        `class-file?${new URLSearchParams({ folder }).toString()}`
      )) as { file: IClassFile | null };
      return file;
    } catch {
      // Without it nothing is taken from a class file, which is safe; whoever
      // needs the gateway says what is wrong with it.
      return null;
    }
  }

  /** Keep what is known of where cells run, as long as the file is the same. */
  private _note(folder: string, file: IClassFile | null): void {
    if (file === null) {
      this._absent.set(folder, Date.now());
    } else {
      this._absent.delete(folder);
    }
    const rules = this._folders.get(folder)?.rules;
    const isSame = file?.state === 'accepted' && rules?.file.hash === file.hash;
    this._set(folder, { file, rules: isSame ? { ...rules, file } : null });
  }

  private _set(folder: string, known: IFolder): void {
    const before = JSON.stringify(this._folders.get(folder));
    this._folders.set(folder, known);
    if (before !== JSON.stringify(known)) {
      this._changed.emit(folder);
    }
  }

  private async _place(
    content: IClassContent
  ): Promise<Omit<IClassRules, 'file'>> {
    const services = await this._services.all();
    const found = services.find(
      ({ profile }) => profile.name === content.service
    );
    try {
      if (!found) {
        throw new Error(
          `this Jupyter server has no compute service "${content.service}"`
        );
      }
      await this._checkAccount(found);
      const endpoint = await this._endpointOf(content, found);
      return { content, endpoint, detour: null };
    } catch (reason) {
      const endpoint = await this._localEndpoint(services);
      const label = found?.profile.label ?? content.service;
      const why = reason instanceof Error ? reason.message : String(reason);
      const detour = `Runs on this computer and not where the class file says (${label}): ${why}`;
      return { content, endpoint, detour };
    }
  }

  /** Nobody is asked for an endpoint who would only ask for a login. */
  private async _checkAccount({ profile }: IService): Promise<void> {
    if (profile.needsAccount) {
      await this._accounts.ready();
      if (this._accounts.find(profile.name)?.state === 'signed-out') {
        throw new Error('you are not signed in');
      }
    }
  }

  private async _endpointOf(
    { endpoint }: IClassContent,
    { profile }: IService
  ): Promise<IEndpointInfo> {
    if (endpoint) {
      return this._endpoints.reach(endpoint.id, profile.name);
    }
    const first = await this._firstOf(profile.name);
    if (!first) {
      throw new Error('it lists no endpoint');
    }
    return first;
  }

  private async _localEndpoint(
    services: readonly IService[]
  ): Promise<IEndpointInfo | null> {
    const local = services.find(({ profile }) => profile.kind === 'local');
    return local ? ((await this._firstOf(local.profile.name)) ?? null) : null;
  }

  private async _firstOf(service: string): Promise<IEndpointInfo | undefined> {
    const find = (): IEndpointInfo | undefined =>
      this._endpoints.items.find(item => item.service === service);
    if (!find()) {
      await this._endpoints.refresh();
    }
    return find();
  }

  private readonly _gateway: Pick<Gateway, 'request'>;
  private readonly _services: Pick<Services, 'all'>;
  private readonly _accounts: Pick<Accounts, 'ready' | 'find'>;
  private readonly _endpoints: Pick<Endpoints, 'items' | 'refresh' | 'reach'>;
  private readonly _folders = new Map<string, IFolder>();
  private readonly _absent = new Map<string, number>();
  private readonly _postponed = new Set<string>();
  private readonly _changed = new Signal<this, string>(this);
}

/**
 * The folder of a notebook on the server; `null` where the notebook is kept
 * elsewhere, and the gateway would look in the wrong place.
 */
export function folderOf(notebookPath: string): string | null {
  const path = notebookPath.startsWith(SHARED_DRIVE)
    ? notebookPath.slice(SHARED_DRIVE.length)
    : notebookPath;
  return /^[^/]*:/.test(path) ? null : PathExt.dirname(path);
}
