// @vitest-environment node
import { describe, expect, it } from 'vitest';

import type { IEndpointInfo } from '../../tokens';
import { englishBundle } from '../format';
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
    [{}, /may be busy/],
    [{ workers: 1, idleWorkers: 0 }, /^The one worker .* busy\.$/],
    [
      { workers: 8, idleWorkers: 0, pendingTasks: 1200 },
      /All 8 workers .* 1,200 tasks wait there/
    ]
  ])('%j', (info, text) => {
    expect(explain(info)).toMatch(text);
  });

  it.each([
    ['waiting-for-nodes' as const, /nodes of its cluster/],
    ['waiting-for-launch' as const, /starting a worker/]
  ])('repeats what the service says: %s', (state, text) => {
    const batch = { state: 'waiting' as const, created: 0, tasks: [{ state }] };
    expect(explainWaiting(batch, endpoint({}), 100, englishBundle())).toMatch(
      text
    );
  });

  it('tells of a silence', () => {
    const tasks = [{ state: 'received' as const, submitted: 101 }];
    expect(
      explainWaiting(
        { state: 'waiting', created: 100, tasks },
        undefined,
        101 + 185,
        englishBundle()
      )
    ).toBe('The service took it 3 min ago and has told no more since.');
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
