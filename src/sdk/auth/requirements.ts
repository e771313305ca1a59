/**
 * What a sign-in must satisfy before a service acts: Globus Auth Requirements
 * Errors.
 *
 * @see https://globus-sdk-python.readthedocs.io/en/stable/authorization/gare.html
 */

import { AuthenticationError, type IComputeErrorOptions } from '../errors.js';
import { isRecord, textOf } from '../json.js';

/**
 * What a sign-in must satisfy; names as `GlobusAuthorizationParameters` has
 * them in Python.
 */
export interface IAuthorizationRequirements {
  /** Scopes the person has to consent to. */
  requiredScopes?: readonly string[];

  /** UUIDs of identities that have to sign in. */
  sessionRequiredIdentities?: readonly string[];

  /** UUIDs of policies the sign-in has to satisfy. */
  sessionRequiredPolicies?: readonly string[];

  /** Domains, one of which the identity has to be of. */
  sessionRequiredSingleDomain?: readonly string[];

  /** Whether a second factor is needed. */
  sessionRequiredMfa?: boolean;

  /** The service's explanation to the person. */
  sessionMessage?: string;

  /** OpenID Connect's `prompt`, e.g. `login`. */
  prompt?: string;
}

/**
 * The service asks for consent, or for a sign-in that satisfies more.
 */
export class AuthorizationRequirementsError extends AuthenticationError {
  /**
   * @param requirements - What a new sign-in must satisfy.
   * @param options - Code and HTTP status of the answer.
   */
  constructor(
    requirements: IAuthorizationRequirements,
    options: IComputeErrorOptions = {}
  ) {
    super(requirementsText(requirements), {
      ...options,
      code: options.code ?? 'AuthorizationRequired',
      authorizationParameters: toParameters(requirements)
    });
    this.requirements = requirements;
  }

  /** What a new sign-in must satisfy: give it to the sign-in. */
  readonly requirements: IAuthorizationRequirements;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'AuthorizationRequirementsError';
}

/**
 * Whether an error asks for a sign-in that satisfies more. The counterpart of
 * the function of this name in `@globus/sdk`.
 */
export function isAuthorizationRequirementsError(
  error: unknown
): error is AuthorizationRequirementsError {
  return error instanceof AuthorizationRequirementsError;
}

/**
 * Whether an error asks for consent to scopes. The counterpart of the function
 * of this name in `@globus/sdk`.
 */
export function isConsentRequiredError(
  error: unknown
): error is AuthorizationRequirementsError {
  return (
    isAuthorizationRequirementsError(error) && error.code === CONSENT_REQUIRED
  );
}

/**
 * Requirements as query parameters of Globus Auth's authorization page. The
 * counterpart of the function of this name in `@globus/sdk`.
 *
 * @param requirements - The requirements, or the error that carries them.
 * @see https://docs.globus.org/api/auth/sessions/#client-initiated-authns
 */
export function toAuthorizationQueryParams(
  requirements: IAuthorizationRequirements | AuthorizationRequirementsError
): Record<string, string> {
  const {
    required_scopes: scopes,
    ...parameters
  }: Record<string, string | boolean | readonly string[]> = toParameters(
    isAuthorizationRequirementsError(requirements)
      ? requirements.requirements
      : requirements
  );
  return {
    ...(Array.isArray(scopes) ? { scope: scopes.join(' ') } : {}),
    ...Object.fromEntries(
      Object.entries(parameters).map(([key, value]) => [key, String(value)])
    )
  };
}

/**
 * Read the requirements of an answer, in any of the forms that services of
 * Globus use: `globus_sdk.gare.to_gares` in Python.
 *
 * @param body - Parsed JSON of an answer that refuses.
 * @param httpStatus - Status of the answer.
 * @returns The error to throw; `undefined` when the body states none.
 */
export function readRequirements(
  body: unknown,
  httpStatus: number
): AuthorizationRequirementsError | undefined {
  if (!isRecord(body)) {
    return undefined;
  }
  const message =
    textOf(body.reason) ?? textOf(body.message) ?? textOf(body.description);
  const given = isRecord(body.authorization_parameters)
    ? body.authorization_parameters
    : undefined;
  const scopes = textsOf(body.required_scopes ?? body.required_scope);
  const unapproved = unapprovedScopes(body);
  const consent = body.code === CONSENT_REQUIRED && scopes !== undefined;
  if (!given && !consent && !unapproved) {
    return undefined;
  }
  const parameters = {
    session_message: message,
    required_scopes: scopes ?? unapproved,
    ...given
  };
  return new AuthorizationRequirementsError(
    readAuthorizationParameters(parameters),
    {
      code: unapproved ? CONSENT_REQUIRED : textOf(body.code),
      httpStatus
    }
  );
}

/** The code of a service that misses a consent. */
const CONSENT_REQUIRED = 'ConsentRequired';

/** Globus Auth's own form, from its token endpoint. */
function unapprovedScopes(
  body: Record<string, unknown>
): readonly string[] | undefined {
  const problems: unknown = body.errors;
  const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
  return body.error === 'dependent_consent_required' && isRecord(first)
    ? textsOf(first.unapproved_scopes)
    : undefined;
}

/**
 * Read the `authorization_parameters` of a Globus Auth Requirements Error;
 * what is malformed of them is left out.
 */
export function readAuthorizationParameters(
  parameters: Readonly<Record<string, unknown>>
): IAuthorizationRequirements {
  const { session_required_mfa: mfa } = parameters;
  return {
    requiredScopes: textsOf(parameters.required_scopes),
    sessionRequiredIdentities: textsOf(parameters.session_required_identities),
    sessionRequiredPolicies: textsOf(parameters.session_required_policies),
    sessionRequiredSingleDomain: textsOf(
      parameters.session_required_single_domain
    ),
    sessionRequiredMfa: typeof mfa === 'boolean' ? mfa : undefined,
    sessionMessage: textOf(parameters.session_message),
    prompt: textOf(parameters.prompt)
  };
}

/** Back to the names on the wire, without what is not asked for. */
function toParameters(
  requirements: IAuthorizationRequirements
): Record<string, string | boolean | readonly string[]> {
  const parameters = {
    required_scopes: requirements.requiredScopes,
    session_required_identities: requirements.sessionRequiredIdentities,
    session_required_policies: requirements.sessionRequiredPolicies,
    session_required_single_domain: requirements.sessionRequiredSingleDomain,
    session_required_mfa: requirements.sessionRequiredMfa,
    session_message: requirements.sessionMessage,
    prompt: requirements.prompt
  };
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const]
    )
  );
}

/** A list of texts; older services give one text with commas. */
function textsOf(value: unknown): readonly string[] | undefined {
  const list: unknown[] = Array.isArray(value)
    ? value
    : (textOf(value)?.split(',') ?? []);
  const texts = list.flatMap(item => textOf(item)?.trim() ?? []);
  return texts.length > 0 ? texts : undefined;
}

function requirementsText(requirements: IAuthorizationRequirements): string {
  const {
    requiredScopes,
    sessionRequiredIdentities,
    sessionRequiredPolicies,
    sessionRequiredSingleDomain,
    sessionRequiredMfa
  } = requirements;
  const wishes = [
    wish('consent to', requiredScopes),
    wish('the identities', sessionRequiredIdentities),
    wish('the policies', sessionRequiredPolicies),
    wish('an identity of', sessionRequiredSingleDomain),
    sessionRequiredMfa ? 'a second factor' : ''
  ].filter(Boolean);
  const asked = wishes.length > 0 ? ` It asks for ${wishes.join('; ')}.` : '';
  const message = requirements.sessionMessage?.trim().replace(/\.?$/, '.');
  return `${message ?? 'The service needs another sign-in.'}${asked} Sign in again to allow it.`;
}

function wish(what: string, items: readonly string[] | undefined): string {
  return items ? `${what} ${items.join(', ')}` : '';
}
