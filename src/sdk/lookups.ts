/**
 * Answers that are looked up again and again.
 */

interface IEntry {
  value: unknown;
  untilMs: number;
}

/**
 * Remembers answers for whoever is signed in: with another token, everything
 * is asked for anew, because another person may see other things.
 */
export class LookupCache {
  /**
   * @param headers - Gives the headers that prove who asks.
   */
  constructor(headers: () => Promise<Record<string, string>>) {
    this._headers = headers;
  }

  /**
   * A remembered answer, or a new one.
   *
   * @param key - What is asked for.
   * @param lifetimeMs - How long the answer is good for, in milliseconds.
   * @param load - Asks the service.
   * @throws What the headers or `load` reject with; nothing is kept then.
   */
  async get<T>(
    key: string,
    lifetimeMs: number,
    load: () => Promise<T>
  ): Promise<T> {
    const owner = fingerprint(await this._headers());
    if (owner !== this._owner) {
      this.clear();
      this._owner = owner;
    }
    const entry = this._entries.get(key);
    if (entry && entry.untilMs > Date.now()) {
      return entry.value as T;
    }
    const entries = this._entries;
    const value = await load();
    // What was cleared in between stays cleared.
    if (entries === this._entries) {
      entries.set(key, { value, untilMs: Date.now() + lifetimeMs });
    }
    return value;
  }

  /** Forget one answer. */
  delete(key: string): void {
    this._entries.delete(key);
  }

  /** Forget all answers. */
  clear(): void {
    this._entries = new Map();
  }

  private _entries = new Map<string, IEntry>();
  private readonly _headers: () => Promise<Record<string, string>>;
  private _owner: number | undefined;
}

/**
 * A number that tells headers apart and that no token can be had from:
 * 32-bit FNV-1a.
 */
function fingerprint(headers: Record<string, string>): number {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(Object.entries(headers))) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  }
  return hash;
}
