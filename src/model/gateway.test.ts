import { ServerConnection } from '@jupyterlab/services';
import { describe, expect, it } from 'vitest';

import { Gateway, GatewayRefusal } from './gateway';

/** A gateway on a server that gives one answer and notes what it was asked. */
function gatewayOf(answer: Response): { gateway: Gateway; asked: string[] } {
  const asked: string[] = [];
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost:8888/user/ada/',
    token: 'secret',
    fetch: input => {
      asked.push(input instanceof Request ? input.url : input);
      return Promise.resolve(answer);
    }
  });
  return { gateway: new Gateway(settings), asked };
}

describe('Gateway', () => {
  it('lists the services below the server’s base URL', async () => {
    const services = [{ name: 'local', label: 'This computer', kind: 'local' }];
    const { gateway, asked } = gatewayOf(Response.json({ services }));
    await expect(gateway.services()).resolves.toEqual({
      services: [
        {
          name: 'local',
          label: 'This computer',
          kind: 'local',
          needsAccount: false,
          features: { cancel: false, events: false }
        }
      ],
      default: 'local'
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(
      /^http:\/\/localhost:8888\/user\/ada\/globus-compute\/services/
    );
  });

  it('passes on why a service cannot be used', async () => {
    const local = { name: 'local', label: 'This computer', kind: 'local' };
    const { gateway } = gatewayOf(
      Response.json({ services: [{ ...local, unavailable: 'Run: pip …' }] })
    );
    const { services } = await gateway.services();
    expect(services[0]).toMatchObject({ ...local, unavailable: 'Run: pip …' });
  });

  it('says what to do when the server has no such extension', async () => {
    const { gateway } = gatewayOf(new Response('', { status: 404 }));
    await expect(gateway.services()).rejects.toThrow(
      /jupyter server extension enable jupyterlab_globus_compute/
    );
  });

  it('passes on what the server says otherwise, without its token', async () => {
    const { gateway } = gatewayOf(
      Response.json({ message: 'Forbidden' }, { status: 403 })
    );
    const failure = await gateway.services().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ServerConnection.ResponseError);
    expect(String(failure)).not.toContain('secret');
  });

  it('gives the reason and the code of a refusal', async () => {
    const { gateway } = gatewayOf(
      Response.json(
        { code: 'TAKE_OVER_NEEDED', reason: 'Say so.', http_status_code: 409 },
        { status: 409 }
      )
    );
    const failure = await gateway
      .request('POST', 'follow', {})
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GatewayRefusal);
    expect(failure).toMatchObject({
      code: 'TAKE_OVER_NEEDED',
      message: 'Say so.'
    });
  });
});
