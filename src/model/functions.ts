import type { Client, IFunctionOptions, SourceStrategy } from '../sdk';

/** How a function is registered, besides its source. */
export interface IRegistration extends Pick<
  IFunctionOptions,
  'description' | 'group' | 'public' | 'containerUuid'
> {
  /** How its source is written; as plain text unless given. */
  readonly codeStrategy?: SourceStrategy;
}

/** A function as a cell prepared it. */
export interface IFunctionSource {
  /** What the user calls it. */
  readonly name: string;
  /** Name to look up after running the source. */
  readonly entry: string;
  /** Python source text. */
  readonly source: string;
  /** SHA-256 of entry and source. */
  readonly hash: string;
  /** Its code as the kernel packed it, where plain source was not wanted. */
  readonly serializedCode?: string | null;
  /** How to register it; for its owner alone unless given. */
  readonly registration?: IRegistration;
  /** Its UUID, when it was registered elsewhere. */
  readonly id?: string | null;
}

/**
 * Registers functions with one service, each once for its source and for how
 * it is to be registered.
 *
 * A registration that failed is forgotten, so that the next run tries again.
 */
export class FunctionRegistry {
  constructor(client: Pick<Client, 'registerFunction'>) {
    this._client = client;
  }

  /**
   * The id of a function, registering it if that was not done before.
   *
   * @returns UUID of the function.
   * @throws ComputeError as `Client.registerFunction` does.
   */
  register(source: IFunctionSource): Promise<string> {
    if (source.id) {
      return Promise.resolve(source.id);
    }
    const key = keyOf(source);
    const known = this._ids.get(key);
    if (known) {
      return known;
    }
    const id = this._client.registerFunction({
      name: source.entry,
      description: `${source.name}, from a notebook cell`,
      ...source.registration,
      ...(source.serializedCode
        ? { serializedCode: source.serializedCode, codeStrategy: undefined }
        : { source: source.source })
    });
    this._ids.set(key, id);
    id.catch(() => this._ids.delete(key));
    return id;
  }

  /** The id of a function that was registered before, if it was. */
  async known(source: IFunctionSource): Promise<string | undefined> {
    return source.id ?? (await this._ids.get(keyOf(source)));
  }

  /** Forget a function that the service no longer knows. */
  forget(source: IFunctionSource): void {
    this._ids.delete(keyOf(source));
  }

  /** Forget all functions: they are somebody else's. */
  clear(): void {
    this._ids.clear();
  }

  private readonly _client: Pick<Client, 'registerFunction'>;
  private readonly _ids = new Map<string, Promise<string>>();
}

function keyOf(source: IFunctionSource): string {
  const { hash, serializedCode = null, registration = {} } = source;
  const options = Object.entries(registration).sort();
  return JSON.stringify([hash, serializedCode, options]);
}
