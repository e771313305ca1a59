import { Debouncer, Poll } from '@lumino/polling';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { ITaskNews, ITaskNewsListener } from '../sdk';
import type { Gateway } from './gateway';
import type { IBatchRecord } from './vault/vault';

/** Longest silence of a gateway that is there: it says something every 20 s. */
const SILENCE_MS = 50_000;

/** Waits between attempts to connect, in milliseconds; they double. */
const RECONNECT = { interval: 500, backoff: 2, max: 30_000 };

/** What changed in the vault. */
export interface IBatchNews {
  readonly batches: readonly IBatchRecord[];
  /** Ids of the batches that were forgotten. */
  readonly removed: readonly string[];
}

/** Whose logins changed. */
export interface IAccountNews {
  /** Names of the services. */
  readonly services: readonly string[];
}

/** What the gateway says, as far as this browser knows it. */
type GatewayMessage =
  | { readonly type: 'hello' | 'reset' | 'ping'; readonly sequence?: number }
  | {
      readonly type: 'tasks';
      readonly sequence: number;
      readonly tasks: readonly { id: string; status: string }[];
    }
  | ({ readonly type: 'batches'; readonly sequence: number } & IBatchNews)
  | ({ readonly type: 'accounts'; readonly sequence?: number } & IAccountNews);

/**
 * The gateway's events: one connection of this browser, made when somebody
 * first wants to hear, and made again whenever it breaks.
 */
export class GatewayEvents implements ITaskNews {
  constructor(gateway: Pick<Gateway, 'connect'>) {
    this._gateway = gateway;
    this._connecting = new Poll({
      auto: false,
      factory: () => this._connect(),
      frequency: RECONNECT,
      name: 'jupyterlab-globus-compute:events',
      // A page in the background waits for results too.
      standby: 'never'
    });
    this._silence = new Debouncer(() => this._socket?.close(), SILENCE_MS);
  }

  /** Whether events come. */
  get isLive(): boolean {
    return this._isLive;
  }

  /** Emitted when batches changed in the vault. */
  get batches(): ISignal<this, IBatchNews> {
    return this._batches;
  }

  /** Emitted when a login was made, ended or failed. */
  get accounts(): ISignal<this, IAccountNews> {
    return this._accounts;
  }

  /** Emitted when events were missed: what is known has to be read again. */
  get gap(): ISignal<this, void> {
    return this._gap;
  }

  /** Connect, unless that was done. */
  start(): void {
    if (!this._isStarted) {
      this._isStarted = true;
      void this._connecting.start();
    }
  }

  /** See `ITaskNews.listen`. */
  listen(listener: ITaskNewsListener): () => void {
    this.start();
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }

  /** Hear no more. */
  dispose(): void {
    this._connecting.dispose();
    this._silence.dispose();
    this._listeners.clear();
    const socket = this._socket;
    this._socket = null;
    socket?.close();
    Signal.clearData(this);
  }

  /** Resolves when the gateway has greeted; rejects when it does not. */
  private _connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this._gateway.connect();
      this._socket = socket;
      socket.onopen = () => {
        const since = this._sequence;
        socket.send(JSON.stringify({ type: 'subscribe', since }));
      };
      socket.onmessage = ({ data }: MessageEvent<string>) => {
        const message = JSON.parse(data) as GatewayMessage;
        if (message.type === 'hello') {
          void this._connecting.stop();
          resolve();
        }
        this._onMessage(message);
        void this._silence.invoke();
      };
      socket.onclose = () => {
        reject(new Error('The gateway closed the connection.'));
        this._onClose(socket);
      };
    });
  }

  private _onMessage(message: GatewayMessage): void {
    if (message.sequence !== undefined) {
      this._sequence = message.sequence;
    }
    switch (message.type) {
      case 'hello':
        this._setLive(true);
        break;
      case 'tasks': {
        const states = new Map(
          message.tasks.map(({ id, status }) => [id, status])
        );
        for (const listener of this._listeners) {
          listener.onTasks(states);
        }
        break;
      }
      case 'batches':
        this._batches.emit(message);
        break;
      case 'accounts':
        this._accounts.emit(message);
        break;
      case 'reset':
        this._tellGap();
        break;
      case 'ping':
        break;
    }
  }

  private _onClose(socket: WebSocket): void {
    if (this._socket !== socket) {
      return;
    }
    this._socket = null;
    if (this._isLive) {
      this._setLive(false);
      void this._connecting.schedule({
        interval: RECONNECT.interval,
        phase: 'started'
      });
    }
  }

  private _setLive(isLive: boolean): void {
    this._isLive = isLive;
    this._tellGap();
  }

  private _tellGap(): void {
    for (const listener of [...this._listeners]) {
      listener.onGap();
    }
    this._gap.emit(undefined);
  }

  private readonly _gateway: Pick<Gateway, 'connect'>;
  private readonly _connecting: Poll;
  private readonly _silence: Debouncer;
  private readonly _listeners = new Set<ITaskNewsListener>();
  private readonly _batches = new Signal<this, IBatchNews>(this);
  private readonly _accounts = new Signal<this, IAccountNews>(this);
  private readonly _gap = new Signal<this, void>(this);
  private _socket: WebSocket | null = null;
  private _sequence: number | null = null;
  private _isLive = false;
  private _isStarted = false;
}
