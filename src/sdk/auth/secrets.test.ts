// @vitest-environment node
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Client } from '../client.js';
import { ComputeError } from '../errors.js';
import { FakeIssuer, type IssuerAnswer } from '../testing/issuer.js';
import { AxiosTransport } from '../transport.js';
import type { ITransportRequest } from '../types.js';
import { ClientCredentialsLoginManager } from './credentials.js';
import { COMPUTE_RESOURCE_SERVER, type IIssuer } from './issuer.js';
import type { ILoginManager } from './manager.js';
import { OidcLoginManager } from './oidc.js';
import { redacted } from './redact.js';
import { StaticTokenLoginManager } from './static.js';
import { InMemoryTokenStore } from './store.js';

const SECRETS = {
  access: 'sentinel-access.token+1',
  refresh: 'sentinel-refresh/token=2',
  secret: 'sentinel secret & 3',
  code: 'sentinel-code~4'
};

const CONSOLE = ['debug', 'error', 'info', 'log', 'warn'] as const;

let issuer: FakeIssuer;
let urls: IIssuer;
let server: Server | undefined;
let printed: unknown[];

beforeEach(async () => {
  printed = [];
  for (const method of CONSOLE) {
    vi.spyOn(console, method).mockImplementation((...texts: unknown[]) => {
      printed.push(...texts);
    });
  }
  issuer = new FakeIssuer();
  urls = await issuer.start();
});

afterEach(() => {
  expectNoSecret(printed);
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  issuer.stop();
});

/** All that a person or a log may come to see of a value. */
function views(value: unknown): string[] {
  const own =
    typeof value === 'object' && value !== null
      ? Object.getOwnPropertyNames(value)
      : [];
  const options = { depth: Infinity, showHidden: true, getters: true };
  return [
    String(value),
    inspect(value),
    inspect(value, options),
    value instanceof Error ? `${value.stack} ${inspect(value.cause)}` : '',
    json(value),
    json(value, own)
  ];
}

/** Its JSON; a cycle, which has none, shows nothing. */
function json(value: unknown, keys?: string[]): string {
  try {
    return JSON.stringify(value, keys);
  } catch {
    return '';
  }
}

function expectNoSecret(value: unknown): void {
  const shown = views(value).join('\n');
  for (const secret of Object.values(SECRETS)) {
    for (const form of [secret, encodeURIComponent(secret), btoa(secret)]) {
      expect(shown).not.toContain(form);
    }
  }
  expect(shown).not.toContain('sentinel');
}

/** The error of what must fail; nothing of it gives a secret away. */
async function failure(action: Promise<unknown>): Promise<ComputeError> {
  const error: unknown = await action.then(
    () => {
      throw new Error('it did not fail');
    },
    (reason: unknown) => reason
  );
  expect(error).toBeInstanceOf(ComputeError);
  expectNoSecret(error);
  return error as ComputeError;
}

/** What an issuer or a service may say that quotes what it refuses. */
const QUOTES = Object.values(SECRETS).join(' ');

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>(resolve => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answers =
  (status: number, body: string): RequestListener =>
  (request, response) => {
    const { authorization } = request.headers;
    const text = body.replaceAll('QUOTE', authorization ?? '');
    response.writeHead(status, { Location: '/elsewhere' }).end(text);
  };

const READ: ITransportRequest = { method: 'GET', path: '/v2/version' };
const SUBMIT: ITransportRequest = {
  method: 'POST',
  path: '/v3/endpoints/e/submit',
  body: {}
};

describe('errors of a service that quotes the token', () => {
  const drop: RequestListener = request => request.socket.destroy();
  const stall: RequestListener = (_request, response) => {
    response.writeHead(200).write('{"a');
  };
  const gare = JSON.stringify({
    code: 'ConsentRequired',
    authorization_parameters: {
      session_message: 'QUOTE',
      required_scopes: ['QUOTE']
    }
  });

  it.each([
    ...[302, 400, 401, 403, 404, 413, 422, 429, 500, 502, 503].map(
      status =>
        [
          `status ${status}`,
          answers(status, '{"code": "QUOTE", "reason": "No QUOTE!"}')
        ] as const
    ),
    ['a list of problems', answers(422, '{"detail": [{"msg": "QUOTE"}]}')],
    ['a page', answers(403, '<html>QUOTE')],
    ['requirements', answers(403, gare)],
    ['text that is not JSON', answers(200, 'QUOTE')],
    ['a cut connection', drop],
    ['a slow body', stall]
  ] as const)('%s', async (_, listener) => {
    const baseUrl = await serve(listener);
    const loginManager = new StaticTokenLoginManager(SECRETS.access);
    const transport = loginManager.getWebClient({
      baseUrl,
      timeoutMs: 300,
      maxRetries: 0
    });
    await failure(transport.request(READ));
    await failure(transport.request(SUBMIT));
    const client = new Client({ transport, rateLimit: false });
    const submit = { functionId: 'f', endpointId: 'e' };
    await failure(client.run(submit));
    await failure(client.getTask('t'));
    await failure(client.getFunction('f'));
    await failure(client.getBatchResult(['t']));
    expectNoSecret(client);
  });

  it('of a token given by a function', async () => {
    const baseUrl = await serve(answers(401, '{"reason": "QUOTE"}'));
    const transport = new AxiosTransport({
      baseUrl,
      authorize: () => ({ Authorization: `Bearer ${SECRETS.access}` })
    });
    await failure(transport.request(READ));
    expectNoSecret(transport);
  });
});

describe('errors of an issuer that quotes what it refuses', () => {
  const refusals: IssuerAnswer[] = [
    () => [400, { error: 'invalid_grant', error_description: QUOTES }],
    () => [401, { error: QUOTES }],
    () => [
      403,
      {
        error: 'dependent_consent_required',
        errors: [{ unapproved_scopes: [QUOTES] }]
      }
    ],
    () => [429, { error: QUOTES }],
    () => [500, QUOTES]
  ];

  /** Only what was in the request is known to be a secret. */
  const quoting =
    (refusal: IssuerAnswer): IssuerAnswer =>
    request => {
      const [status, body] = refusal(request);
      const said = [
        ...Object.values(request.form),
        request.authorization ?? '',
        ...(request.authorization ? [SECRETS.secret] : [])
      ].join(' ');
      const text = JSON.stringify(body).replaceAll(QUOTES, said);
      return [status, JSON.parse(text)];
    };

  const client = () =>
    new ClientCredentialsLoginManager({
      clientId: 'client',
      clientSecret: SECRETS.secret,
      issuer: urls
    });

  it.each(refusals)('for client credentials: %#', async refusal => {
    const manager = client();
    issuer.expect(quoting(refusal));
    await failure(manager.ensureLoggedIn());
    expectNoSecret(manager);
  });

  it.each(refusals)('for a code: %#', async refusal => {
    const manager = new OidcLoginManager({ clientId: 'client', issuer: urls });
    await manager.beginSignIn();
    issuer.expect(quoting(refusal));
    await failure(manager.completeSignIn(SECRETS.code));
    expectNoSecret(manager);
  });

  it.each(refusals)('for a refresh token: %#', async refusal => {
    const tokenStore = new InMemoryTokenStore();
    const manager = new OidcLoginManager({
      clientId: 'client',
      issuer: urls,
      tokenStore
    });
    await tokenStore.set({
      accessToken: SECRETS.access,
      refreshToken: SECRETS.refresh,
      expiresAtMs: 0,
      renewAtMs: 0,
      resourceServer: COMPUTE_RESOURCE_SERVER
    });
    issuer.expect(quoting(refusal));
    await failure(manager.ensureLoggedIn());
    expectNoSecret([manager, tokenStore]);
  });

  it('that cannot be reached', async () => {
    issuer.stop();
    await failure(client().ensureLoggedIn());
  });

  it('whose answer comes to this page', async () => {
    const manager = new OidcLoginManager({ clientId: 'client', issuer: urls });
    const { state } = await manager.beginSignIn();
    const page = 'https://auth.globus.org/v2/web/auth-code';
    const query = new URLSearchParams({ code: SECRETS.code, state: 'foreign' });
    await failure(manager.completeSignIn(`${page}?${query}`));
    const refused = new URLSearchParams({
      error: QUOTES,
      error_description: QUOTES,
      state
    });
    await failure(manager.completeSignIn(`${page}?${refused}`));
    await failure(manager.completeSignIn(SECRETS.code));
  });
});

describe('what holds tokens', () => {
  it.each<[string, () => Promise<ILoginManager>]>([
    ['static tokens', async () => new StaticTokenLoginManager(SECRETS.access)],
    [
      'client credentials',
      async () => {
        issuer.expect(() => [200, { access_token: SECRETS.access }]);
        return new ClientCredentialsLoginManager({
          clientId: 'client',
          clientSecret: SECRETS.secret,
          issuer: urls
        });
      }
    ],
    [
      'a person',
      async () => {
        const manager = new OidcLoginManager({
          clientId: 'client',
          scope: 'urn:no-identity',
          issuer: urls
        });
        await manager.beginSignIn();
        issuer.expect(() => [
          200,
          {
            access_token: SECRETS.access,
            refresh_token: SECRETS.refresh,
            token_type: 'Bearer'
          }
        ]);
        await manager.completeSignIn(SECRETS.code);
        return manager;
      }
    ]
  ])('does not show them: %s', async (_, make) => {
    const manager = await make();
    const headers = await manager.getAuthorizationHeaders();
    expect(headers.Authorization).toContain(SECRETS.access);
    expectNoSecret(manager);
    expectNoSecret(manager.getWebClient({ baseUrl: '/' }));
    expectNoSecret(manager.getAuthClient());
    expectNoSecret(new Client({ baseUrl: '/', loginManager: manager }));
  });
});

describe('redacted', () => {
  it('removes secrets, quoted or encoded, and leaves the rest', () => {
    const header = `Bearer ${SECRETS.access}`;
    const encoded = encodeURIComponent(SECRETS.access);
    const text = `"${header}" ${SECRETS.access} ${encoded} and the Bearer`;
    expect(redacted(text, [header])).toBe(
      '"[removed]" [removed] [removed] and the Bearer'
    );
    expect(redacted('Authorization: bearer abc.def-123~x==', [])).toBe(
      'Authorization: Bearer [removed]'
    );
    expect(redacted('a code of 5 letters', ['code', ''])).toBe(
      'a code of 5 letters'
    );
  });
});
