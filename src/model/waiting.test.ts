// @vitest-environment node
import { describe, expect, it } from 'vitest';

import type { IEndpointInfo } from '../tokens';
import { englishBundle } from './format';
import { explainWaiting } from './waiting';

const endpoint = (info: Partial<IEndpointInfo>): IEndpointInfo => ({
  id: 'e',
  name: 'E',
  registeredName: 'e',
  service: 'local',
  status: 'online',
  ...info
});

const explain = (
  info: Partial<IEndpointInfo> | undefined,
  { state = 'waiting' as const, now = 110 } = {}
): string | null =>
  explainWaiting(
    { state, created: 100 },
    info && endpoint(info),
    now,
    englishBundle()
  );

describe('explainWaiting', () => {
  it.each([
    [{ status: 'offline' } as const, /offline/],
    [{ workers: 0 }, /no worker yet/],
    [{ workers: 2 }, /may be busy/],
    [{}, /may be busy/]
  ])('%j', (info, text) => {
    expect(explain(info)).toMatch(text);
  });

  it('says nothing when nothing is known', () => {
    expect(explain(undefined)).toBeNull();
    expect(explain({ status: 'unknown' })).toBeNull();
  });

  it('says nothing at once, or of a batch that does not wait', () => {
    expect(explain({ status: 'offline' }, { now: 102 })).toBeNull();
    expect(
      explainWaiting(
        { state: 'running', created: 0 },
        endpoint({ status: 'offline' }),
        100,
        englishBundle()
      )
    ).toBeNull();
  });
});
