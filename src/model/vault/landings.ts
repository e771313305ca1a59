import { UUID } from '@lumino/coreutils';
import { Poll } from '@lumino/polling';

import type { Vault } from './vault';

/** How often a claim, which holds for 30 s, is made anew, in milliseconds. */
const RENEW_MS = 10_000;

/**
 * Which batches this browser writes into their notebooks. Of several browsers
 * that have a notebook open one writes: who claims a batch first.
 */
export class Landings {
  constructor(vault: Pick<Vault, 'landing'>) {
    this._vault = vault;
    this._renewal = new Poll({
      auto: false,
      factory: () => this._renew(),
      frequency: { interval: RENEW_MS, backoff: false },
      name: 'jupyterlab-globus-compute:landings',
      // A page in the background waits for results too.
      standby: 'never'
    });
  }

  /** What the vault knows this browser by, a UUID. */
  readonly client = UUID.uuid4();

  /**
   * Claim the writing of a batch, and keep it until it is given up.
   *
   * @returns whether this browser writes; `false` too when nobody can tell.
   */
  async claim(id: string): Promise<boolean> {
    const granted = await this._say(id, 'claim');
    if (granted) {
      this.keep(id);
    }
    return granted;
  }

  /**
   * Keep the claim that a batch was planned with, until it is given up.
   */
  keep(id: string): void {
    this._held.add(id);
    void this._renewal.start();
  }

  /** Whether this browser holds the claim of a batch. */
  holds(id: string): boolean {
    return this._held.has(id);
  }

  /**
   * Give up a claim: because the results are in the saved notebook
   * (`landed`), or for somebody else to write them (`release`).
   */
  async end(id: string, how: 'landed' | 'release'): Promise<void> {
    this._held.delete(id);
    if (this._held.size === 0) {
      void this._renewal.stop();
    }
    await this._say(id, how);
  }

  /** Give up all claims: the page is closed, and another one may write. */
  leave(): void {
    for (const id of [...this._held]) {
      void this.end(id, 'release');
    }
  }

  private async _renew(): Promise<void> {
    await Promise.all([...this._held].map(id => this._say(id, 'claim')));
  }

  private async _say(
    id: string,
    action: 'claim' | 'landed' | 'release'
  ): Promise<boolean> {
    try {
      return await this._vault.landing(id, this.client, action);
    } catch {
      // Without an answer nobody may write; the next one who opens the
      // notebook asks again.
      return false;
    }
  }

  private readonly _vault: Pick<Vault, 'landing'>;
  private readonly _held = new Set<string>();
  private readonly _renewal: Poll;
}
