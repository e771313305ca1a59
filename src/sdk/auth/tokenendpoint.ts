/**
 * The token endpoint of an OAuth 2.0 issuer (RFC 6749, section 3.2).
 */

import type { ComputeError } from '../errors.js';
import { AuthenticationError, NetworkError } from '../errors.js';
import { isRecord, textOf } from '../json.js';
import { encodeUtf8 } from '../pickle/utf8.js';
import { encodeBase64 } from '../serialize/base64.js';
import { COMPUTE_RESOURCE_SERVER, type IIssuer } from './issuer.js';
import { redacted } from './redact.js';
import { readRequirements } from './requirements.js';
import type { IToken } from './store.js';

/** Time allowed for one request, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** A token is renewed this long before it ends, in milliseconds. */
const MARGIN_MS = 60_000;

/** The margin of short tokens, as a part of their lifetime. */
const MARGIN_PART = 0.2;

/** Parameters that are nobody's business but the issuer's. */
const SECRET_PARAMETERS = ['code', 'code_verifier', 'refresh_token', 'token'];

/**
 * Who a confidential client is.
 */
export interface IClientSecret {
  /** UUID of the client. */
  clientId: string;

  /** Its secret. */
  clientSecret: string;
}

/**
 * POST a form to an issuer.
 *
 * @param url - The endpoint.
 * @param form - Parameters, not yet encoded.
 * @param client - Signs the request with Basic credentials; clients without a
 * secret name themselves in the form.
 * @returns The parsed JSON; `null` when the answer is none.
 * @throws AuthenticationError when the issuer refuses; what it says is kept,
 * without the secrets of the form.
 * @throws NetworkError when no answer came, or the issuer has a problem.
 */
export async function postForm(
  url: string,
  form: Record<string, string>,
  client?: IClientSecret
): Promise<unknown> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: {
        Accept: 'application/json',
        ...(client ? { Authorization: basicCredentials(client) } : {})
      },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS)
    });
    text = await response.text();
  } catch {
    throw new NetworkError(
      `The sign-in service at ${new URL(url).host} could not be reached. ` +
        'Check the network, then try again.',
      // The request that wanted a token was not sent.
      { code: 'UNREACHABLE', neverSent: true }
    );
  }
  if (!response.ok) {
    const secrets = [
      ...SECRET_PARAMETERS.flatMap(key => form[key] ?? []),
      ...(client ? [client.clientSecret, basicCredentials(client)] : [])
    ];
    throw refusal(response.status, parsed(redacted(text, secrets)));
  }
  return parsed(text);
}

/**
 * Read the tokens of an answer. Globus Auth gives one token for each resource
 * server: the first at the top, the others in `other_tokens`.
 *
 * @param answer - Parsed JSON.
 * @param nowMs - The time now, in milliseconds since the epoch.
 */
export function readTokens(answer: unknown, nowMs: number): IToken[] {
  if (!isRecord(answer)) {
    return [];
  }
  const others: unknown[] = Array.isArray(answer.other_tokens)
    ? answer.other_tokens
    : [];
  return [answer, ...others].flatMap((entry): IToken[] => {
    const accessToken = isRecord(entry)
      ? textOf(entry.access_token)
      : undefined;
    if (!isRecord(entry) || accessToken === undefined) {
      return [];
    }
    // Issuers that give no lifetime mean one that is not fixed.
    const seconds = Number(entry.expires_in);
    const lifetimeMs = seconds > 0 ? seconds * 1000 : Infinity;
    const marginMs = Math.min(MARGIN_MS, lifetimeMs * MARGIN_PART);
    return [
      {
        accessToken,
        refreshToken: textOf(entry.refresh_token),
        expiresAtMs: nowMs + lifetimeMs,
        renewAtMs: nowMs + lifetimeMs - marginMs,
        resourceServer:
          textOf(entry.resource_server) ?? COMPUTE_RESOURCE_SERVER,
        scope: textOf(entry.scope)
      }
    ];
  });
}

/**
 * Ask an issuer to end tokens (RFC 7009). An issuer that does not answer does
 * not keep anybody signed in here, so this never rejects.
 *
 * @param issuer - Who issued them.
 * @param tokens - The tokens, each with its refresh token.
 * @param client - Who they were issued to: an id, or an id with a secret.
 */
export async function revokeTokens(
  issuer: IIssuer,
  tokens: readonly IToken[],
  client: string | IClientSecret
): Promise<void> {
  const { revocationUrl } = issuer;
  if (revocationUrl === undefined) {
    return;
  }
  const isPublic = typeof client === 'string';
  const ended = tokens
    .flatMap(({ refreshToken, accessToken }) => [refreshToken, accessToken])
    .filter(token => token !== undefined)
    .map(token =>
      postForm(
        revocationUrl,
        { token, ...(isPublic ? { client_id: client } : {}) },
        isPublic ? undefined : client
      )
    );
  await Promise.allSettled(ended);
}

/** Id and secret are form-encoded first (RFC 6749, section 2.3.1). */
function basicCredentials(client: IClientSecret): string {
  const parts = [client.clientId, client.clientSecret].map(encodeURIComponent);
  const encoded = encodeBase64(encodeUtf8(parts.join(':')));
  return `Basic ${encoded.replaceAll('\n', '')}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(status: number, body: unknown): ComputeError {
  const record = isRecord(body) ? body : {};
  const code = textOf(record.error);
  if (status >= 500 || status === 429) {
    return new NetworkError(
      `The sign-in service has a problem (${status}). Try again later.`,
      { code, httpStatus: status, neverSent: true }
    );
  }
  const requirements = readRequirements(body, status);
  if (requirements) {
    return requirements;
  }
  const reason = textOf(record.error_description) ?? code ?? String(status);
  return new AuthenticationError(
    `The sign-in was refused: ${reason}. Sign in again.`,
    { code, httpStatus: status }
  );
}
