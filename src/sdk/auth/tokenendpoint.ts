/**
 * The token endpoint of an OAuth 2.0 issuer (RFC 6749, section 3.2).
 */

import type { ComputeError } from '../errors.js';
import { AuthenticationError, NetworkError } from '../errors.js';
import { isRecord, textOf } from '../json.js';
import type { IToken } from './token.js';

/** Time allowed for one request, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** What Globus Auth calls the Compute service. */
export const COMPUTE_RESOURCE_SERVER = 'funcx_service';

/**
 * POST a form to an issuer.
 *
 * @param url - The endpoint.
 * @param form - Parameters, not yet encoded.
 * @param headers - Headers such as Basic credentials.
 * @returns The parsed JSON; `null` when the answer is none.
 * @throws AuthenticationError when the issuer refuses.
 * @throws NetworkError when no answer came.
 */
export async function postForm(
  url: string,
  form: Record<string, string>,
  headers: Record<string, string> = {}
): Promise<unknown> {
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { Accept: 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS)
    });
    body = parsed(await response.text());
  } catch {
    throw new NetworkError(
      `The sign-in service at ${new URL(url).host} could not be reached. ` +
        'Check the network, then try again.',
      { code: 'UNREACHABLE' }
    );
  }
  if (!response.ok) {
    throw refusal(response.status, body);
  }
  return body;
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
    const seconds = Number(entry.expires_in);
    return [
      {
        accessToken,
        refreshToken: textOf(entry.refresh_token),
        // Issuers that give no lifetime mean one that is not fixed.
        expiresAtMs: seconds > 0 ? nowMs + seconds * 1000 : Infinity,
        resourceServer: textOf(entry.resource_server) ?? COMPUTE_RESOURCE_SERVER
      }
    ];
  });
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
  if (status >= 500) {
    return new NetworkError(
      `The sign-in service has a problem (${status}). Try again later.`,
      { code, httpStatus: status }
    );
  }
  const reason = textOf(record.error_description) ?? code ?? String(status);
  return new AuthenticationError(
    `The sign-in was refused: ${reason}. Sign in again.`,
    { code, httpStatus: status }
  );
}
