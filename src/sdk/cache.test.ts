// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { TaskResultCache } from './cache.js';

const task = (taskId: string, length: number) => ({
  taskId,
  pending: false,
  status: 'success',
  serialized: 'x'.repeat(length)
});

describe('TaskResultCache', () => {
  it('forgets what was used longest ago when it is full', () => {
    const cache = new TaskResultCache(4000);
    cache.set(task('a', 1000));
    cache.set(task('b', 1000));
    cache.set(task('c', 1000));
    expect(cache.get('a')?.taskId).toBe('a');
    cache.set(task('d', 1000));
    expect(['a', 'b', 'c', 'd'].map(id => cache.has(id))).toEqual([
      true,
      false,
      true,
      true
    ]);
    expect([...cache.pick(['d', 'b', 'a']).keys()]).toEqual(['d', 'a']);
  });

  it('keeps the last task, however large', () => {
    const cache = new TaskResultCache(10);
    cache.set(task('a', 1000));
    cache.set(task('b', 1000));
    expect([cache.has('a'), cache.has('b')]).toEqual([false, true]);
  });

  it('counts a task once that is set again', () => {
    const cache = new TaskResultCache(3000);
    cache.set(task('a', 1000));
    for (let i = 0; i < 5; i++) {
      cache.set(task('b', 1000));
    }
    expect(cache.has('a')).toBe(true);
  });
});
