import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';

import { LoginManagers } from './accounts/loginManagers';
import { DirectServices } from './direct/directServices';
import { GatewayEvents } from './events';
import type { Gateway } from './gateway';
import { Services } from './services';

const LOCAL = {
  name: 'local',
  label: 'This computer',
  kind: 'local',
  needsAccount: false,
  features: { cancel: true, events: false }
} as const;

const SOURCE = { name: 'f', entry: 'f', source: 'def f(): ...', hash: 'h' };

function refuse(): never {
  throw new Error('Unexpected call.');
}

/** A gateway that lists one service, or is not there. */
function gatewayOf(isThere: boolean): { gateway: Gateway; paths: string[] } {
  const paths: string[] = [];
  const gateway = {
    services: () =>
      isThere
        ? Promise.resolve({ services: [LOCAL], default: 'local' })
        : Promise.reject(
            new ServerConnection.ResponseError(
              new Response('', { status: 404 }),
              'The server has no such extension.'
            )
          ),
    transport: () => ({
      request: ({ path }: { path: string }) => {
        paths.push(path);
        return Promise.resolve({ function_uuid: `f${paths.length}` });
      }
    }),
    connect: refuse
  };
  return { gateway: gateway as unknown as Gateway, paths };
}

function servicesOf(gateway: Gateway, direct: DirectServices): Services {
  return new Services(gateway, new GatewayEvents(gateway), direct);
}

describe('Services', () => {
  it('are those of the gateway, whatever the settings say', async () => {
    const direct = new DirectServices(new LoginManagers());
    direct.use(
      Promise.resolve([
        { name: 'lab', label: 'Lab', url: 'https://lab.example' }
      ])
    );
    const services = servicesOf(gatewayOf(true).gateway, direct);
    const [only] = await services.all();
    expect(only.profile).toEqual(LOCAL);
    await expect(services.isDirect()).resolves.toBe(false);
  });

  it('are those of the settings where there is no gateway', async () => {
    const { gateway } = gatewayOf(false);
    const direct = new DirectServices(new LoginManagers());
    const services = servicesOf(gateway, direct);
    await expect(services.all()).rejects.toThrow(/no such extension/);
    direct.use(
      Promise.resolve([
        { name: 'lab', label: 'Lab', url: 'https://lab.example' }
      ])
    );
    const { profile } = await services.get('lab');
    expect(profile).toMatchObject({ label: 'Lab', needsAccount: true });
    await expect(services.isDirect()).resolves.toBe(true);
    expect(services.default?.name).toBe('lab');
  });

  it('register anew what another identity registered', async () => {
    const { gateway, paths } = gatewayOf(true);
    const services = servicesOf(
      gateway,
      new DirectServices(new LoginManagers())
    );
    const { functions } = await services.get('local');
    services.useIdentity('local', 'ada');
    await expect(functions.register(SOURCE)).resolves.toBe('f1');
    services.useIdentity('local', 'ada');
    await expect(functions.register(SOURCE)).resolves.toBe('f1');
    services.useIdentity('local', 'grace');
    await expect(functions.register(SOURCE)).resolves.toBe('f2');
    expect(paths).toHaveLength(2);
  });
});
