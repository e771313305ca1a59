import { AuthenticationError } from '../../sdk';
import type { SignInRequirements } from '../../tokens';
import { GatewayRefusal } from '../gateway';

/** Why something has to wait for a sign-in. */
export interface ISignInNeed {
  /** What is needed, in words for a person. */
  readonly message: string;
  /** What the sign-in must satisfy; `null` for any. */
  readonly requirements: SignInRequirements | null;
}

/** Something is not seen, or not done, until a person has signed in. */
export class SignInNeededError extends Error implements ISignInNeed {
  constructor(
    message: string,
    /** Name of the service to sign in to. */
    readonly service: string,
    readonly requirements: SignInRequirements | null = null
  ) {
    super(message);
  }
}

/** Codes with which the gateway asks for a sign-in. */
const GATEWAY_CODES: ReadonlySet<string> = new Set([
  'SIGN_IN_NEEDED',
  'CONSENT_NEEDED'
]);

/** Codes with which a login manager asks for a sign-in. */
const LOGIN_CODES: ReadonlySet<string> = new Set([
  'NOT_SIGNED_IN',
  'NO_TOKEN',
  'SIGN_IN_ENDED'
]);

/**
 * What a failure says about signing in.
 *
 * @returns `null` for a failure that a sign-in does not mend.
 */
export function readSignInNeed(reason: unknown): ISignInNeed | null {
  if (reason instanceof SignInNeededError) {
    return reason;
  }
  if (reason instanceof GatewayRefusal) {
    const { code, message, requirements } = reason;
    return GATEWAY_CODES.has(code) ? { message, requirements } : null;
  }
  if (!(reason instanceof AuthenticationError)) {
    return null;
  }
  const { message, code = '', httpStatus, authorizationParameters } = reason;
  const isNeed =
    authorizationParameters !== undefined ||
    httpStatus === 401 ||
    LOGIN_CODES.has(code);
  return isNeed
    ? { message, requirements: authorizationParameters ?? null }
    : null;
}
