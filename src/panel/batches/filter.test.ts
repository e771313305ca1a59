import { describe, expect, it } from 'vitest';

import {
  DIVISION,
  FakeBatch,
  makeSnapshot,
  makeTask
} from '../../model/testing/fakeBatches';

import type { StateFilter } from './filter';
import { endpointsOf, filterBatches } from './filter';

const done = new FakeBatch(makeSnapshot({ id: 'done', title: 'area' }));
const running = new FakeBatch(
  makeSnapshot({
    id: 'running',
    title: 'simulate',
    state: 'running',
    endpoint: { id: 'e', name: 'My-Cluster' },
    tasks: [
      makeTask(0, { state: 'running' }),
      makeTask(1, { state: 'failed', failure: DIVISION })
    ]
  }),
  'thesis/Sweep.ipynb'
);
const problem = new FakeBatch(
  makeSnapshot({ id: 'problem', title: 'hello', state: 'problem' })
);
const all = [running, done, problem];

function found(state: StateFilter, query = '', endpoint = ''): string {
  return filterBatches(all, { state, query, endpoint })
    .map(({ id }) => id)
    .join();
}

describe('filterBatches', () => {
  it('by state', () => {
    expect(found('all')).toBe('running,done,problem');
    expect(found('running')).toBe('running');
    expect(found('done')).toBe('done');
  });

  it('finds a running batch with failures under failed too', () => {
    expect(found('failed')).toBe('running,problem');
  });

  it.each([
    ['SIMU', 'running'],
    ['my-cluster', 'running'],
    ['sweep', 'running'],
    ['zerodivision', 'running'],
    ['hello.ipynb', 'done,problem'],
    ['  computer   area ', 'done'],
    ['area cluster', '']
  ])('by the words of %j', (query, ids) => {
    expect(found('all', query)).toBe(ids);
  });

  it('by endpoint', () => {
    expect(found('all', '', 'e')).toBe('running');
    expect(found('done', '', 'e')).toBe('');
    expect(endpointsOf(all).map(({ name }) => name)).toEqual([
      'My-Cluster',
      'This computer'
    ]);
  });

  it('by both', () => {
    expect(found('done', 'hello')).toBe('done');
    expect(found('done', 'simulate')).toBe('');
  });
});
