import type { IIssuer } from '../../sdk';

/** A service that the browser talks to itself. */
export interface IDirectService {
  /** Its name, which notebooks and settings use. */
  readonly name: string;
  /** What people call it. */
  readonly label: string;
  /** Address of its web service. */
  readonly url: string;
  /** UUID of the client that people sign in with; none needs one elsewhere. */
  readonly clientId?: string;
  /** Where the issuer sends the code; Globus Auth's page unless given. */
  readonly redirectUri?: string;
  /** The rights asked for, between spaces; those of Compute unless given. */
  readonly scope?: string;
  /** Where people sign in; Globus Auth unless given. */
  readonly issuer?: IIssuer;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

const ISSUER_URLS = [
  'issuer',
  'authorizationUrl',
  'tokenUrl',
  'userinfoUrl'
] as const;

/**
 * Read the services of direct mode from the settings.
 *
 * @throws Error that names what is wrong: a service that is half understood
 * would send tokens to the wrong place.
 */
export function readDirectServices(kept: unknown): IDirectService[] {
  const list = Array.isArray(kept) ? (kept as unknown[]) : [];
  const services = list.map(readService);
  const names = services.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    throw mistake(`two services are called "${twice}"`);
  }
  return services;
}

function readService(kept: unknown): IDirectService {
  const fields = asRecord(kept);
  const name = textOf(fields, 'name') ?? '';
  if (!NAME.test(name)) {
    throw mistake(`a service needs a name of letters and digits`);
  }
  const url = textOf(fields, 'url');
  if (url === undefined || !isSafe(url)) {
    throw mistake(`the url of "${name}" has to begin with https://`);
  }
  const redirectUri = textOf(fields, 'redirectUri');
  if (redirectUri !== undefined && !isSafe(redirectUri)) {
    throw mistake(`the redirectUri of "${name}" has to begin with https://`);
  }
  return {
    name,
    label: textOf(fields, 'label') ?? name,
    url,
    clientId: textOf(fields, 'clientId'),
    redirectUri,
    scope: textOf(fields, 'scope'),
    issuer:
      fields['issuer'] === undefined
        ? undefined
        : readIssuer(name, asRecord(fields['issuer']))
  };
}

function readIssuer(name: string, fields: Record<string, unknown>): IIssuer {
  const [issuer, authorizationUrl, tokenUrl, userinfoUrl] = ISSUER_URLS.map(
    field => {
      const url = textOf(fields, field);
      if (url === undefined || !isSafe(url)) {
        throw mistake(
          `the issuer's ${field} of "${name}" has to begin with https://`
        );
      }
      return url;
    }
  );
  const revocationUrl = textOf(fields, 'revocationUrl');
  if (revocationUrl !== undefined && !isSafe(revocationUrl)) {
    throw mistake(
      `the issuer's revocationUrl of "${name}" has to begin with https://`
    );
  }
  return { issuer, authorizationUrl, tokenUrl, userinfoUrl, revocationUrl };
}

/** Tokens travel encrypted, or not at all: to this computer. */
function isSafe(url: string): boolean {
  if (!URL.canParse(url)) {
    return false;
  }
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : {};
}

function textOf(
  fields: Record<string, unknown>,
  name: string
): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value.trim() !== ''
    ? value.trim()
    : undefined;
}

function mistake(what: string): Error {
  return new Error(`The settings of direct mode cannot be used: ${what}.`);
}
