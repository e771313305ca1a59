import type { Client } from '../sdk';

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
}

/**
 * Registers functions with one service, each source once.
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
    const known = this._ids.get(source.hash);
    if (known) {
      return known;
    }
    const id = this._client.registerFunction({
      name: source.entry,
      source: source.source,
      description: `${source.name}, from a notebook cell`
    });
    this._ids.set(source.hash, id);
    id.catch(() => this._ids.delete(source.hash));
    return id;
  }

  /** Forget a function that the service no longer knows. */
  forget(source: IFunctionSource): void {
    this._ids.delete(source.hash);
  }

  private readonly _client: Pick<Client, 'registerFunction'>;
  private readonly _ids = new Map<string, Promise<string>>();
}
