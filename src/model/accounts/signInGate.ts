import type { IAccounts } from '../../tokens';
import type { ISignInNeed } from './signInNeed';
import { readSignInNeed, SignInNeededError } from './signInNeed';

/** A need, and of which service it is. */
export interface IServiceNeed extends ISignInNeed {
  readonly service: string;
}

/**
 * Waits for a sign-in, telling people about it.
 *
 * @param need - What is needed.
 * @param renewed - Resolves when the login may serve anew.
 * @throws what ends the waiting otherwise.
 */
export type SignInWaiter = (
  need: IServiceNeed,
  renewed: Promise<void>
) => Promise<void>;

/** Lets what needs a sign-in go on after it. */
export class SignInGate {
  constructor(accounts: Pick<IAccounts, 'find' | 'refresh' | 'renewed'>) {
    this._accounts = accounts;
  }

  /**
   * Do something, and again after each sign-in that it turns out to need.
   *
   * @param service - Name of the service it is done with; `null` where only
   * its {@link SignInNeededError} tells.
   * @param deed - Does nothing, or nothing that may not be done again, if it
   * fails for want of a sign-in.
   * @param waiter - Waits for the sign-in.
   * @throws what the deed throws where no sign-in can help, and what the
   * waiter throws.
   */
  async pass<T>(
    service: string | null,
    deed: () => Promise<T>,
    waiter: SignInWaiter
  ): Promise<T> {
    let isFirst = true;
    for (;;) {
      try {
        return await deed();
      } catch (reason) {
        const need = needOf(service, reason);
        if (!need) {
          throw reason;
        }
        await this._wait(need, reason, waiter, isFirst);
        isFirst = false;
      }
    }
  }

  private async _wait(
    need: IServiceNeed,
    reason: unknown,
    waiter: SignInWaiter,
    isFirst: boolean
  ): Promise<void> {
    const { renewed } = this._accounts;
    let resolve = (): void => undefined;
    const isRenewed = new Promise<void>(done => (resolve = done));
    // Heard from before it is asked, so that no sign-in is missed.
    const listen = (_: unknown, service: string): void => {
      if (service === need.service) {
        resolve();
      }
    };
    renewed.connect(listen);
    try {
      await this._accounts.refresh();
      const account = this._accounts.find(need.service);
      if (!account?.canSignIn) {
        throw reason;
      }
      const isThere = account.state === 'signed-in' && !need.requirements;
      // Somebody may have signed in since the answer was given.
      if (!isThere || !isFirst) {
        await waiter(need, isRenewed);
      }
    } finally {
      renewed.disconnect(listen);
    }
  }

  private readonly _accounts: Pick<IAccounts, 'find' | 'refresh' | 'renewed'>;
}

function needOf(service: string | null, reason: unknown): IServiceNeed | null {
  const need = readSignInNeed(reason);
  const name = reason instanceof SignInNeededError ? reason.service : service;
  return need && name !== null
    ? {
        service: name,
        message: need.message,
        requirements: need.requirements
      }
    : null;
}
