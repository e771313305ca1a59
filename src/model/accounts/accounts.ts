import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  IAccountInfo,
  IAccounts,
  ICheckStep,
  IGroup,
  ISignInRequest,
  SignInRequirements
} from '../../tokens';
import type { IAccountNews } from '../events';
import type { IAccountSource } from './accountSource';

/** What the accounts hear of logins. */
export interface IAccountEvents {
  readonly accounts: ISignal<unknown, IAccountNews>;
  readonly gap: ISignal<unknown, void>;
  start(): void;
}

/** As whom the services are used, read when somebody asks and on news. */
export class Accounts implements IAccounts {
  /**
   * @param source - Gives who holds the logins, once that is known.
   */
  constructor(source: () => Promise<IAccountSource>, events: IAccountEvents) {
    this._source = source;
    this._events = events;
  }

  get items(): readonly IAccountInfo[] {
    return this._items;
  }

  get problem(): string | null {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get renewed(): ISignal<this, string> {
    return this._renewed;
  }

  find(service: string): IAccountInfo | undefined {
    return this._items.find(account => account.service === service);
  }

  /** Read the accounts if that was not done yet; never rejects. */
  async ready(): Promise<void> {
    if (!this._isRead) {
      await this.refresh();
    }
  }

  refresh(): Promise<void> {
    // A reading that is on its way may have begun before the news.
    const next = this._reading.then(() => this._read());
    this._reading = next;
    return next;
  }

  async beginSignIn(
    service: string,
    requirements: SignInRequirements | null = null
  ): Promise<ISignInRequest | null> {
    const source = await this._source();
    const request = await source.begin(service, requirements);
    if (!request) {
      await this.refresh();
      this._renew(service);
    }
    return request;
  }

  async completeSignIn(request: ISignInRequest, code: string): Promise<void> {
    this._take(await (await this._source()).complete(request, code.trim()));
    this._renew(request.service);
  }

  async cancelSignIn(request: ISignInRequest): Promise<void> {
    try {
      await (await this._source()).cancel(request);
    } catch {
      // It is over then: by itself, or with the server.
    }
  }

  async signOut(service: string): Promise<void> {
    this._groups.delete(service);
    this._take(await (await this._source()).signOut(service));
  }

  groups(service: string): Promise<readonly IGroup[]> {
    const known = this._groups.get(service);
    if (known) {
      return known;
    }
    const groups = this._source().then(source => source.groups(service));
    this._groups.set(service, groups);
    groups.catch(() => this._groups.delete(service));
    return groups;
  }

  async check(
    service: string,
    endpoint: string | null
  ): Promise<readonly ICheckStep[]> {
    return (await this._source()).check(service, endpoint);
  }

  private async _read(): Promise<void> {
    try {
      const source = await this._source();
      if (source.hasEvents) {
        this._follow();
      }
      this._items = await source.list();
      this._problem = null;
      this._isRead = true;
    } catch (reason) {
      this._problem = reason instanceof Error ? reason.message : String(reason);
    }
    this._changed.emit(undefined);
  }

  private _follow(): void {
    if (!this._isFollowing) {
      this._isFollowing = true;
      this._events.accounts.connect(this._onNews, this);
      this._events.gap.connect(() => void this._onGap());
      this._events.start();
    }
  }

  private _onNews(_: unknown, { services }: IAccountNews): void {
    services.forEach(service => this._groups.delete(service));
    void this._takeNews(services);
  }

  private async _takeNews(services: readonly string[]): Promise<void> {
    await this.refresh();
    services
      .filter(service => this.find(service)?.state === 'signed-in')
      .forEach(service => {
        this._renew(service);
      });
  }

  /** What was missed may have been a sign-in that somebody waits for. */
  private async _onGap(): Promise<void> {
    const before = new Map(
      this._items.map(({ service, state }) => [service, state])
    );
    await this.refresh();
    this._items
      .filter(
        ({ service, state }) =>
          state === 'signed-in' && before.get(service) !== state
      )
      .forEach(({ service }) => {
        this._renew(service);
      });
  }

  private _take(account: IAccountInfo): void {
    this._items = this._items.map(item =>
      item.service === account.service ? account : item
    );
    this._changed.emit(undefined);
  }

  private _renew(service: string): void {
    this._groups.delete(service);
    this._renewed.emit(service);
  }

  private readonly _source: () => Promise<IAccountSource>;
  private readonly _events: IAccountEvents;
  private readonly _groups = new Map<string, Promise<readonly IGroup[]>>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _renewed = new Signal<this, string>(this);
  private _items: readonly IAccountInfo[] = [];
  private _problem: string | null = null;
  private _reading: Promise<void> = Promise.resolve();
  private _isRead = false;
  private _isFollowing = false;
}
