// @vitest-environment node
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { describe, expect, it } from 'vitest';

import { AuthenticationError } from '../errors.js';
import { errorFromAnswer } from '../failures.js';
import { AxiosTransport } from '../transport.js';
import {
  AuthorizationRequirementsError,
  isAuthorizationRequirementsError,
  isConsentRequiredError,
  readRequirements,
  toAuthorizationQueryParams
} from './requirements.js';

const PARAMETERS = {
  session_message: 'This project is for the class only',
  session_required_identities: ['i1', 'i2'],
  session_required_policies: ['p1'],
  session_required_single_domain: ['university.example', 'lab.example'],
  session_required_mfa: true,
  required_scopes: ['urn:a', 'urn:b'],
  prompt: 'login'
};

const REQUIREMENTS = {
  sessionMessage: 'This project is for the class only',
  sessionRequiredIdentities: ['i1', 'i2'],
  sessionRequiredPolicies: ['p1'],
  sessionRequiredSingleDomain: ['university.example', 'lab.example'],
  sessionRequiredMfa: true,
  requiredScopes: ['urn:a', 'urn:b'],
  prompt: 'login'
};

describe('an answer that asks for another sign-in', () => {
  it('gives an error that says what for', () => {
    const error = errorFromAnswer({
      status: 403,
      body: { code: 'ConsentRequired', authorization_parameters: PARAMETERS }
    });
    expect(error).toBeInstanceOf(AuthorizationRequirementsError);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(error).toMatchObject({
      code: 'ConsentRequired',
      httpStatus: 403,
      requirements: REQUIREMENTS,
      authorizationParameters: PARAMETERS
    });
    expect(error.reason).toBe(
      'This project is for the class only. It asks for consent to urn:a, ' +
        'urn:b; the identities i1, i2; the policies p1; an identity of ' +
        'university.example, lab.example; a second factor. Sign in again to ' +
        'allow it.'
    );
    expect(isConsentRequiredError(error)).toBe(true);
    expect(toAuthorizationQueryParams(error as never)).toEqual({
      scope: 'urn:a urn:b',
      session_message: 'This project is for the class only',
      session_required_identities: 'i1,i2',
      session_required_policies: 'p1',
      session_required_single_domain: 'university.example,lab.example',
      session_required_mfa: 'true',
      prompt: 'login'
    });
  });

  // The forms that `globus_sdk.gare.to_gares` knows.
  it.each([
    [
      { authorization_parameters: { session_required_policies: 'p1, p2' } },
      'AuthorizationRequired',
      { sessionRequiredPolicies: ['p1', 'p2'] }
    ],
    [
      { code: 'ConsentRequired', required_scopes: ['s'], message: 'Why' },
      'ConsentRequired',
      { requiredScopes: ['s'], sessionMessage: 'Why' }
    ],
    [
      { code: 'ConsentRequired', required_scope: 's', description: 'Why' },
      'ConsentRequired',
      { requiredScopes: ['s'], sessionMessage: 'Why' }
    ],
    [
      {
        error: 'dependent_consent_required',
        errors: [{ unapproved_scopes: ['s', 't'] }]
      },
      'ConsentRequired',
      { requiredScopes: ['s', 't'] }
    ]
  ])('may have any form of Globus: %#', (body, code, requirements) => {
    const error = readRequirements(body, 403);
    expect(error).toMatchObject({ code, httpStatus: 403, requirements });
    expect(isConsentRequiredError(error)).toBe(code === 'ConsentRequired');
  });

  it.each([
    [undefined],
    ['text'],
    [{ code: 'FORBIDDEN' }],
    [{ code: 'ConsentRequired' }],
    [{ error: 'dependent_consent_required', errors: ['?'] }],
    [{ authorization_parameters: ['?'] }]
  ])('is not seen in others: %j', body => {
    expect(readRequirements(body, 403)).toBeUndefined();
    const error = errorFromAnswer({ status: 403, body });
    expect(isAuthorizationRequirementsError(error)).toBe(false);
  });

  it('keeps only what it knows, of the types it has to be of', () => {
    const error = readRequirements(
      {
        authorization_parameters: {
          session_required_mfa: 'yes',
          required_scopes: [1, { a: 2 }],
          prompt: 3,
          client_id: 'x'
        }
      },
      401
    );
    expect(error).toMatchObject({ authorizationParameters: {} });
    expect(toAuthorizationQueryParams(error!)).toEqual({});
  });

  it('makes no transport ask for another token', async () => {
    const body = { authorization_parameters: PARAMETERS };
    const server = createServer((_request, response) => {
      response.writeHead(401).end(JSON.stringify(body));
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const asked: unknown[] = [];
    const transport = new AxiosTransport({
      baseUrl: `http://127.0.0.1:${port}`,
      authorize: options => {
        asked.push(options);
        return { Authorization: `Bearer ${asked.length}` };
      }
    });
    const request = transport.request({ method: 'GET', path: '/v2/version' });
    await expect(request).rejects.toThrow(AuthorizationRequirementsError);
    expect(asked).toEqual([undefined]);
    server.close();
  });
});
