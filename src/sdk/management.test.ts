// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { StaticTokenLoginManager } from './auth/static.js';
import { Client } from './client.js';
import { FakeTransport } from './testing/transport.js';
import { COMPATIBLE_SDK_VERSION, VersionMismatch } from './versions.js';

const EP = '4b116d3c-1703-4f8f-9f6f-39921e5864df';
const F = 'f0000000-0000-4000-8000-000000000001';
const C = 'c0000000-0000-4000-8000-000000000001';

let transport: FakeTransport;
let client: Client;

beforeEach(() => {
  transport = new FakeTransport();
  client = new Client({ transport });
});

afterEach(() => {
  transport.assertExhausted();
});

const VERSION = {
  method: 'GET',
  path: '/v2/version',
  query: { service: 'all' }
} as const;
const versions = (sdk: string, endpoint = '2.0.0') => ({
  api: '1.0.30',
  min_sdk_version: sdk,
  min_ep_version: endpoint
});

describe('endpoints', () => {
  it('are registered and updated, after a check of the version', async () => {
    const registration = {
      name: 'ep',
      displayName: 'My endpoint',
      multiUser: true,
      metadata: { python_version: '3.12' },
      allowedFunctions: [F],
      authenticationPolicy: 'policy',
      subscriptionId: 'subscription',
      public: false,
      highAssurance: true,
      admins: ['someone']
    };
    const body = {
      endpoint_name: 'ep',
      display_name: 'My endpoint',
      multi_user: true,
      metadata: { python_version: '3.12' },
      allowed_functions: [F],
      authentication_policy: 'policy',
      subscription_uuid: 'subscription',
      public: false,
      high_assurance: true,
      admins: ['someone']
    };
    const answer = { endpoint_id: EP, task_queue_info: {} };
    transport
      .expect(VERSION, versions('2.0.0'))
      .expect({ method: 'POST', path: '/v3/endpoints', body }, answer)
      .expect(VERSION, versions('2.0.0'))
      .expect(
        {
          method: 'PUT',
          path: `/v3/endpoints/${EP}`,
          body: { endpoint_name: 'ep' }
        },
        answer
      )
      .expect(VERSION, versions('99.0.0'));
    expect(await client.registerEndpoint(registration)).toEqual({
      endpointId: EP,
      raw: answer
    });
    await client.updateEndpoint(EP, { name: 'ep' });
    await expect(client.registerEndpoint({ name: 'ep' })).rejects.toThrow(
      VersionMismatch
    );
  });

  it('are stopped, deleted, and say what they allow', async () => {
    transport
      .expect({ method: 'POST', path: `/v3/endpoints/${EP}/lock` }, {})
      .expect(
        { method: 'DELETE', path: `/v2/endpoints/${EP}` },
        { result: 302 }
      )
      .expect(
        { method: 'GET', path: `/v3/endpoints/${EP}/allowed_functions` },
        { endpoint_id: EP, restricted: true, functions: [F] }
      );
    await client.stopEndpoint(EP);
    await client.deleteEndpoint(EP);
    expect(await client.getAllowedFunctions(EP)).toEqual({
      endpointId: EP,
      restricted: true,
      functions: [F]
    });
  });

  it('of the hosted service give their facts beside the name', async () => {
    const raw = { uuid: EP, name: 'ep', python_version: '3.12.7' };
    transport.expect({ method: 'GET', path: `/v2/endpoints/${EP}` }, raw);
    expect(await client.getEndpointMetadata(EP)).toMatchObject({
      pythonVersion: '3.12.7'
    });
  });

  it('report on their hardware', async () => {
    transport
      .expect(
        {
          method: 'POST',
          path: '/v3/functions',
          body: ({ function_code }: { function_code: string }) => {
            expect(function_code).toContain('st\nrun_hardware_report:def');
          }
        },
        { function_uuid: F }
      )
      .expect(
        {
          method: 'POST',
          path: `/v3/endpoints/${EP}/submit`,
          body: ({ tasks }: { tasks: object }) => {
            expect(Object.keys(tasks)).toEqual([F]);
          }
        },
        { task_group_id: 'group', tasks: { [F]: ['task'] } }
      );
    expect(await client.getWorkerHardwareDetails(EP)).toBe('task');
  });
});

describe('functions', () => {
  const source = 'def f(): pass\n';

  it('with a container are registered by the older route', async () => {
    transport.expect(
      {
        method: 'POST',
        path: '/v2/functions',
        body: {
          function_name: 'f',
          function_code: `${source.length + 5}\nst\nf:${source}`,
          container_uuid: C,
          metadata: {
            python_version: '3',
            sdk_version: COMPATIBLE_SDK_VERSION,
            serde_identifier: 'st'
          }
        }
      },
      { function_uuid: F }
    );
    const options = { name: 'f', source, containerUuid: C };
    expect(await client.registerFunction(options)).toBe(F);
  });

  it('for high assurance name their endpoint and are not shared', async () => {
    transport.expect(
      {
        method: 'POST',
        path: '/v3/functions',
        body: (body: Record<string, unknown>) => {
          expect(body.ha_endpoint_id).toBe(EP);
        }
      },
      { function_uuid: F }
    );
    const options = { name: 'f', source, haEndpointId: EP };
    await client.registerFunction(options);
    for (const shared of [{ public: true }, { group: 'g' }]) {
      await expect(
        client.registerFunction({ ...options, ...shared })
      ).rejects.toMatchObject({ code: 'INVALID_FUNCTION' });
    }
  });
});

describe('containers', () => {
  it('are registered, made and looked up', async () => {
    transport
      .expect(
        {
          method: 'POST',
          path: '/v2/containers',
          body: {
            name: 'mine',
            location: 'docker://python:3.12',
            description: '',
            type: 'docker'
          }
        },
        { container_id: C }
      )
      .expect(
        {
          method: 'POST',
          path: '/v2/containers/build',
          body: {
            name: 'mine',
            description: '',
            apt: [],
            pip: ['numpy'],
            conda: [],
            python_version: '3.12'
          }
        },
        { container_id: C }
      )
      .expect(
        { method: 'GET', path: `/v2/containers/build/${C}` },
        { status: 'building' }
      )
      .expect(
        { method: 'GET', path: `/v2/containers/${C}/docker` },
        {
          container: {
            container_uuid: C,
            name: 'mine',
            build_status: 'failed',
            type: 'docker',
            location: 'docker://x',
            err_message: 'no space',
            build_stderr: 'E: no space'
          }
        }
      );
    const location = 'docker://python:3.12';
    expect(
      await client.registerContainer({ name: 'mine', location, type: 'docker' })
    ).toBe(C);
    const made = { name: 'mine', pip: ['numpy'], pythonVersion: '3.12' };
    expect(await client.buildContainer(made)).toBe(C);
    expect(await client.getContainerBuildStatus(C)).toBe('building');
    expect(await client.getContainer(C, 'docker')).toEqual({
      id: C,
      name: 'mine',
      buildStatus: 'failed',
      type: 'docker',
      location: 'docker://x',
      errorMessage: 'no space',
      buildErrors: 'E: no space'
    });
  });
});

describe('versions', () => {
  it('of the SDK and of an endpoint are checked', async () => {
    transport.expect(VERSION, versions('4.0.0', '3.0.0'));
    await client.versionCheck({ endpointVersion: '3.1.0' });
    transport.expect(VERSION, versions('4.0.0', '3.0.0'));
    await expect(
      client.versionCheck({ endpointVersion: '2.9.0' })
    ).rejects.toMatchObject({
      name: 'VersionMismatch',
      version: '2.9.0',
      minVersion: '3.0.0'
    });
  });
});

describe('lookups', () => {
  it('of functions are remembered until deleted or a new sign-in', async () => {
    const path = `/v2/functions/${F}`;
    const request = { method: 'GET', path } as const;
    const record = { function_uuid: F, function_name: 'f' };
    transport.expect(request, record);
    await client.getFunction(F);
    await client.getFunction(F);
    transport
      .expect({ method: 'DELETE', path }, {})
      .expect(request, record)
      .expect(request, record)
      .expect(request, record);
    await client.deleteFunction(F);
    await client.getFunction(F);
    await client.forceLogin();
    await client.getFunction(F);
    await client.logout();
    await client.getFunction(F);
  });

  it('ask for a new token when the sign-in is forced', async () => {
    const asked: unknown[] = [];
    class Recorder extends StaticTokenLoginManager {
      override async getAuthorizationHeaders(options?: object) {
        asked.push(options);
        return { Authorization: 'Bearer x' };
      }
    }
    const signedIn = new Client({
      baseUrl: 'http://127.0.0.1:9',
      loginManager: new Recorder('x')
    });
    await signedIn.forceLogin();
    expect(asked.at(-1)).toEqual({ refresh: true });
  });
});
