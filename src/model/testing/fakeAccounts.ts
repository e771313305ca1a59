import { Signal } from '@lumino/signaling';

import type {
  IAccountInfo,
  IAccounts,
  ICheckStep,
  IGroup,
  ISignInRequest
} from '../../tokens';

/** An account with what matters to a test; by default nobody's. */
export function makeAccount(fields: Partial<IAccountInfo> = {}): IAccountInfo {
  return {
    service: 'cloud',
    state: 'signed-out',
    method: null,
    why: 'Nobody has signed in on this server.',
    name: null,
    username: null,
    identityId: null,
    canSignIn: true,
    canSignOut: false,
    problem: null,
    ...fields
  };
}

/** An account of somebody who signed in here. */
export const ADA = makeAccount({
  state: 'signed-in',
  method: 'sign-in',
  why: 'Somebody signed in here.',
  name: 'Ada Lovelace',
  username: 'ada@university.example',
  identityId: 'ae341a98-d274-11e5-b888-dbae3a8ba545',
  canSignOut: true
});

/** A sign-in that waits for a code. */
export const REQUEST: ISignInRequest = {
  service: 'cloud',
  id: 'r1',
  url: 'https://auth.example/authorize?state=r1',
  completes: 'code'
};

/** What a test lets the accounts do. */
type IAccountCalls = Partial<
  Pick<
    IAccounts,
    | 'refresh'
    | 'beginSignIn'
    | 'completeSignIn'
    | 'cancelSignIn'
    | 'signOut'
    | 'groups'
    | 'check'
  >
>;

/** The accounts a test puts there. Refuses what the test did not expect. */
export class FakeAccounts implements IAccounts {
  constructor(
    public items: readonly IAccountInfo[] = [],
    readonly calls: IAccountCalls = {}
  ) {}

  problem: string | null = null;
  readonly changed = new Signal<this, void>(this);
  readonly renewed = new Signal<this, string>(this);

  find(service: string): IAccountInfo | undefined {
    return this.items.find(account => account.service === service);
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  refresh(): Promise<void> {
    return (this.calls.refresh ?? refuse('refresh'))();
  }

  beginSignIn(
    ...args: Parameters<IAccounts['beginSignIn']>
  ): Promise<ISignInRequest | null> {
    return (this.calls.beginSignIn ?? refuse('beginSignIn'))(...args);
  }

  completeSignIn(request: ISignInRequest, code: string): Promise<void> {
    return (this.calls.completeSignIn ?? refuse('completeSignIn'))(
      request,
      code
    );
  }

  cancelSignIn(request: ISignInRequest): Promise<void> {
    return (this.calls.cancelSignIn ?? refuse('cancelSignIn'))(request);
  }

  signOut(service: string): Promise<void> {
    return (this.calls.signOut ?? refuse('signOut'))(service);
  }

  groups(service: string): Promise<readonly IGroup[]> {
    return (this.calls.groups ?? refuse('groups'))(service);
  }

  check(
    service: string,
    endpoint: string | null
  ): Promise<readonly ICheckStep[]> {
    return (this.calls.check ?? refuse('check'))(service, endpoint);
  }

  /** Have other accounts and say so; those signed in are renewed. */
  become(...items: IAccountInfo[]): void {
    this.items = items;
    this.changed.emit();
    items
      .filter(({ state }) => state === 'signed-in')
      .forEach(({ service }) => {
        this.renewed.emit(service);
      });
  }
}

function refuse(name: string): () => never {
  return () => {
    throw new Error(`Unexpected call of ${name}().`);
  };
}
