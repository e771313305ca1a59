import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

/** As whom a service is used, and why. No field holds a token. */
export interface IAccountInfo {
  /** Name of the service. */
  readonly service: string;
  /**
   * `problem` if there is a login that cannot be used; `not-needed` of a
   * service that asks nobody who they are.
   */
  readonly state: 'signed-in' | 'signed-out' | 'not-needed' | 'problem';
  /**
   * Where the login comes from: client credentials of the server's
   * environment, JupyterHub, one that was stored by the Python SDK, a sign-in
   * made here, the server's configuration, or another extension; `null` of
   * none.
   */
  readonly method:
    | 'client-credentials'
    | 'hub'
    | 'stored'
    | 'sign-in'
    | 'configured'
    | 'extension'
    | null;
  /** Which login is in use and why, as a sentence for a person. */
  readonly why: string;
  /** The person's name, as `Ada Lovelace`. */
  readonly name: string | null;
  /** The identity's name, as `ada@university.example`. */
  readonly username: string | null;
  /** UUID of the identity. */
  readonly identityId: string | null;
  readonly canSignIn: boolean;
  readonly canSignOut: boolean;
  /** What is wrong with the login and what to do; `null` if nothing is. */
  readonly problem: string | null;
}

/**
 * What a sign-in must satisfy: the `authorization_parameters` of a Globus
 * Auth Requirements Error, as they came.
 */
export type SignInRequirements = Readonly<Record<string, unknown>>;

/** A sign-in that was begun and waits for its person. */
export interface ISignInRequest {
  readonly service: string;
  /** Names the request. */
  readonly id: string;
  /** The page to open. */
  readonly url: string;
  /**
   * How it ends: with a `code` that the person pastes, or by itself when the
   * page sends the person back (`redirect`).
   */
  readonly completes: 'code' | 'redirect';
}

/** A group of Globus Groups that the person is a member of. */
export interface IGroup {
  /** UUID of the group. */
  readonly id: string;
  readonly name: string;
  /** `member`, `manager` or `admin`; another word of the service. */
  readonly role: string;
}

/** A step of a diagnosis. All text comes from outside: show it as text. */
export interface ICheckStep {
  /** What is tried: the service's `name`, `tls`, `api`, … in that order. */
  readonly name: string;
  readonly state: 'ok' | 'failed' | 'skipped';
  readonly text: string;
  /** What to do; `null` if there is nothing to do. */
  readonly advice: string | null;
  /** How long it took, in milliseconds. */
  readonly durationMs: number;
}

/** As whom the services are used; signing in and out. */
export interface IAccounts {
  /** One for each service; empty until they were read. */
  readonly items: readonly IAccountInfo[];
  /** Why they could not be read, in words; `null` if they could. */
  readonly problem: string | null;
  /** Emitted when any of the above changed. */
  readonly changed: ISignal<IAccounts, void>;
  /** Emitted with the service's name when its login may serve anew. */
  readonly renewed: ISignal<IAccounts, string>;
  /** The account of a service, if it was read. */
  find(service: string): IAccountInfo | undefined;
  /** Read the accounts again; never rejects, see {@link problem}. */
  refresh(): Promise<void>;
  /**
   * Begin a sign-in.
   *
   * @param requirements - What a service said the sign-in must satisfy.
   * @returns what waits for its person; `null` if it has ended already, as
   * where another extension signs in.
   * @throws Error, in words for a person.
   */
  beginSignIn(
    service: string,
    requirements?: SignInRequirements | null
  ): Promise<ISignInRequest | null>;
  /**
   * End a sign-in with what the person pasted.
   *
   * @throws Error, in words for a person: a wrong code can be given again.
   */
  completeSignIn(request: ISignInRequest, code: string): Promise<void>;
  /** Give a sign-in up; never rejects. */
  cancelSignIn(request: ISignInRequest): Promise<void>;
  /**
   * Sign out; what this login was issued is revoked.
   *
   * @throws Error, in words for a person.
   */
  signOut(service: string): Promise<void>;
  /**
   * The person's groups; read once for each sign-in.
   *
   * @throws Error, in words for a person; one of which the service's answer
   * asks for another sign-in where a consent is missing.
   */
  groups(service: string): Promise<readonly IGroup[]>;
  /**
   * Find out how far requests get.
   *
   * @param endpoint - UUID of the endpoint to run a sample task on, if any.
   * @throws Error, in words for a person.
   */
  check(
    service: string,
    endpoint: string | null
  ): Promise<readonly ICheckStep[]>;
}

/** Token of {@link IAccounts}. */
export const IAccounts = new Token<IAccounts>(
  'jupyterlab-globus-compute:IAccounts',
  'As whom compute services are used; signing in and out.'
);
