import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  IAccounts,
  IEndpointInfo,
  IEndpoints,
  IUnseenService
} from '../../tokens';
import type { Services } from '../services';
import { EndpointChoices } from './endpointChoices';
import type { IEndpointPlace, ReaderAccounts } from './endpointReader';
import { EndpointReader } from './endpointReader';

/* How far ahead of a reading another one is not needed. */
const FRESH_MS = 2000;

/** What the endpoints ask about accounts. */
type EndpointAccounts = ReaderAccounts &
  Pick<IAccounts, 'items' | 'renewed' | 'changed'>;

/** The endpoints of every service, read when somebody asks. */
export class Endpoints implements IEndpoints {
  constructor(
    services: Pick<Services, 'all' | 'get' | 'default'>,
    accounts: EndpointAccounts,
    choices = new EndpointChoices()
  ) {
    this._services = services;
    this._reader = new EndpointReader(services, accounts);
    this._accounts = accounts;
    this._choices = choices;
    choices.changed.connect(this._onChosen, this);
    accounts.renewed.connect(this._readAnew, this);
    accounts.changed.connect(this._onAccounts, this);
  }

  get items(): readonly IEndpointInfo[] {
    return this._offered;
  }

  get hidden(): readonly IEndpointInfo[] {
    const { hidden } = this._choices.value;
    return this._items.filter(({ id }) => hidden.includes(id));
  }

  get unseen(): readonly IUnseenService[] {
    return this._unseen;
  }

  get default(): IEndpointInfo | null {
    const service = this._services.default?.name;
    const first = this._offered.find(endpoint => endpoint.service === service);
    // Nothing runs elsewhere because nobody has signed in there yet.
    const isUnseen = this._unseen.some(unseen => unseen.service === service);
    return first ?? (isUnseen ? null : (this._offered.at(0) ?? null));
  }

  get problem(): string | null {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  find(nameOrId: string): IEndpointInfo | undefined {
    const wanted = nameOrId.trim().toLowerCase();
    const by = (
      key: (endpoint: IEndpointInfo) => string
    ): IEndpointInfo | undefined =>
      this._items.find(endpoint => key(endpoint).toLowerCase() === wanted);
    return (
      by(({ id }) => id) ??
      by(({ name }) => name) ??
      by(({ registeredName }) => registeredName)
    );
  }

  defaultFor(notebookPath: string): IEndpointInfo | null {
    const id = this.chosenFor(notebookPath);
    return (id === null ? undefined : this.find(id)) ?? this.default;
  }

  chosenFor(notebookPath: string): string | null {
    const { defaults } = this._choices.value;
    return Object.hasOwn(defaults, notebookPath)
      ? defaults[notebookPath]
      : null;
  }

  setDefaultFor(notebookPath: string, id: string | null): void {
    const others = Object.entries(this._choices.value.defaults).filter(
      ([path]) => path !== notebookPath
    );
    this._choices.choose({
      defaults: Object.fromEntries(
        id === null ? others : [...others, [notebookPath, id]]
      )
    });
  }

  async add(id: string, service: string): Promise<IEndpointInfo> {
    const endpoint = await this._reader.read({ id, service }, true);
    const { added } = this._choices.value;
    if (!this.find(id)) {
      this._items = [...this._items, endpoint];
      this._choices.choose({ added: [...added, { id, service }] });
    }
    return endpoint;
  }

  /**
   * An endpoint by its id and service, listed there or not; offered from then
   * on, until the page is closed.
   *
   * @throws ComputeError when the service does not know it, or wants a login.
   */
  async reach(id: string, service: string): Promise<IEndpointInfo> {
    const wanted = id.toLowerCase();
    const known = this._items.find(
      item => item.id.toLowerCase() === wanted && item.service === service
    );
    if (known) {
      return known;
    }
    const endpoint = await this._reader.read({ id, service });
    this._reached = [...this._reached, { id, service }];
    this._items = [...this._items, endpoint];
    this._onChosen();
    return endpoint;
  }

  remove(id: string): void {
    const { added } = this._choices.value;
    this._items = this._items.filter(item => item.id !== id || !item.isAdded);
    this._choices.choose({ added: added.filter(item => item.id !== id) });
  }

  setHidden(id: string, isHidden: boolean): void {
    const others = this._choices.value.hidden.filter(item => item !== id);
    this._choices.choose({ hidden: isHidden ? [...others, id] : others });
  }

  refresh(): Promise<void> {
    this._reading ??= this._readAll().finally(() => {
      this._reading = null;
      this._readAt = Date.now();
      this._changed.emit(undefined);
    });
    return this._reading;
  }

  /**
   * The endpoint a cell asks for, or the default one; reads the list when it
   * is not there, and once more before it says that a name is unknown.
   *
   * @param nameOrId - What `-e` says; `null` for the default.
   * @param notebookPath - The notebook whose default it is. Where one was
   * chosen for it that is not seen, no other takes its place.
   */
  async resolve(
    nameOrId: string | null,
    notebookPath = ''
  ): Promise<IEndpointInfo | undefined> {
    if (this._items.length === 0) {
      await this.refresh();
    }
    const wanted = nameOrId ?? this.chosenFor(notebookPath);
    if (wanted === null) {
      return this.default ?? undefined;
    }
    const found = this.find(wanted);
    const isFresh =
      !this._reading &&
      this._newsRead === this._news &&
      Date.now() - this._readAt < FRESH_MS;
    if (found || isFresh) {
      return found;
    }
    await this.refresh();
    return this.find(wanted);
  }

  /** Read until nothing was learnt meanwhile that the reading missed. */
  private async _readAll(): Promise<void> {
    do {
      this._newsRead = this._news;
      await this._read();
    } while (this._newsRead !== this._news);
  }

  private async _read(): Promise<void> {
    try {
      const { items, unseen, problem } = await this._reader.readAll(() => ({
        added: this._choices.value.added,
        reached: this._reached
      }));
      this._items = items;
      this._unseen = unseen;
      this._problem = problem;
    } catch (reason) {
      this._problem = reason instanceof Error ? reason.message : String(reason);
    }
    this._sort();
  }

  private _sort(): void {
    const { hidden } = this._choices.value;
    this._offered = this._items.filter(({ id }) => !hidden.includes(id));
  }

  private _onChosen(): void {
    this._sort();
    this._changed.emit(undefined);
  }

  /** Who signs in or out sees other endpoints, if anybody looks at them. */
  private _onAccounts(): void {
    const key = this._accounts.items
      .map(({ service, state }) => `${service} ${state}`)
      .join();
    const isOther = this._accountsKey !== null && key !== this._accountsKey;
    this._accountsKey = key;
    if (isOther) {
      this._readAnew();
    }
  }

  private _readAnew(): void {
    this._news += 1;
    if (this._readAt > 0 || this._reading) {
      void this.refresh();
    }
  }

  private readonly _services: Pick<Services, 'default'>;
  private readonly _reader: EndpointReader;
  private readonly _accounts: EndpointAccounts;
  private readonly _choices: EndpointChoices;
  private readonly _changed = new Signal<this, void>(this);
  private _reached: readonly IEndpointPlace[] = [];
  private _items: readonly IEndpointInfo[] = [];
  private _offered: readonly IEndpointInfo[] = [];
  private _unseen: readonly IUnseenService[] = [];
  private _problem: string | null = null;
  private _reading: Promise<void> | null = null;
  private _readAt = 0;
  /** How often something was learnt that a reading may miss. */
  private _news = 0;
  private _newsRead = 0;
  private _accountsKey: string | null = null;
}
