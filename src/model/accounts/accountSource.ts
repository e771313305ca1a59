import type {
  IAccountInfo,
  ICheckStep,
  IGroup,
  ISignInRequest,
  SignInRequirements
} from '../../tokens';

/** Who holds the logins: the gateway, or this browser. */
export interface IAccountSource {
  /** Whether it tells by events when a login changes. */
  readonly hasEvents: boolean;
  /** One account for each service. */
  list(): Promise<readonly IAccountInfo[]>;
  /** Begin a sign-in; gives `null` if it has ended already. */
  begin(
    service: string,
    requirements: SignInRequirements | null
  ): Promise<ISignInRequest | null>;
  /** End a sign-in with what the person pasted. */
  complete(request: ISignInRequest, code: string): Promise<IAccountInfo>;
  /** Give a sign-in up. */
  cancel(request: ISignInRequest): Promise<void>;
  /** Sign out, and revoke what was issued. */
  signOut(service: string): Promise<IAccountInfo>;
  groups(service: string): Promise<readonly IGroup[]>;
  check(
    service: string,
    endpoint: string | null
  ): Promise<readonly ICheckStep[]>;
}
