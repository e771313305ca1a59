// @vitest-environment node
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { IService } from '../../model/services';
import { EndpointInquiries } from './endpointFacts';

const ENDPOINT = {
  id: 'ep',
  name: 'This computer',
  registeredName: 'this-computer',
  service: 'local',
  status: 'online' as const
};

let status = 'online';
let restricted = false;
let asked = 0;
let inquiries: EndpointInquiries;

const service = {
  profile: { name: 'local' },
  client: {
    getEndpointStatus: () => {
      asked += 1;
      return Promise.resolve({ status, details: {} });
    },
    getAllowedFunctions: () =>
      Promise.resolve({ endpointId: 'ep', restricted, functions: [] })
  }
} as unknown as IService;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  status = 'online';
  restricted = false;
  asked = 0;
  inquiries = new EndpointInquiries();
});

afterEach(() => {
  vi.useRealTimers();
});

it('does not ask again at once an endpoint that takes anything', async () => {
  await inquiries.ask(service, ENDPOINT).complete;
  status = 'offline';
  const soon = inquiries.ask(service, ENDPOINT);
  await soon.complete;
  expect(soon.status).toBe('online');
  expect(asked).toBe(1);
  vi.setSystemTime(Date.now() + 6000);
  const later = inquiries.ask(service, ENDPOINT);
  await later.complete;
  expect(later.status).toBe('offline');
});

it.each([
  ['is offline', () => (status = 'offline')],
  ['does not run every function', () => (restricted = true)]
])('asks again at once an endpoint that %s', async (_, change) => {
  change();
  await inquiries.ask(service, ENDPOINT).complete;
  status = 'online';
  restricted = false;
  const facts = inquiries.ask(service, ENDPOINT);
  await facts.complete;
  expect(facts.status).toBe('online');
  expect(facts.allowed?.restricted).toBe(false);
});

it('tells one endpoint from another', async () => {
  await inquiries.ask(service, ENDPOINT).complete;
  await inquiries.ask(service, { ...ENDPOINT, id: 'other' }).complete;
  expect(asked).toBe(2);
});
