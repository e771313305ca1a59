import { describe, expect, it } from 'vitest';

import { findProblems } from './schemaCheck';

function problemsOf(schema: object, value: unknown): string[] {
  return findProblems(schema, value).map(
    ({ path, keyword }) => `${path.join('.')} ${keyword}`
  );
}

const SCHEMA = {
  type: 'object',
  properties: {
    account: { type: 'string', minLength: 1, maxLength: 4 },
    nodes: { type: 'integer', minimum: 1, maximum: 8 },
    share: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
    queue: { enum: ['short', 'long'] },
    hosts: { type: 'array', items: { type: 'string' }, minItems: 1 },
    time: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/time' }] }
  },
  required: ['account'],
  additionalProperties: false,
  $defs: { time: { type: 'string' } }
};

describe('findProblems', () => {
  it.each([
    [{ account: 'abc', nodes: 2, share: 0.5, queue: 'long' }, []],
    [{ account: 'abc', hosts: ['a'], time: null }, []],
    [{ account: 'abc', time: '1 h' }, []],
    [{}, ['account required']],
    [{ account: '' }, ['account minLength']],
    [{ account: 'abcde' }, ['account maxLength']],
    [{ account: 7 }, ['account type']],
    [{ account: 'a', nodes: 0 }, ['nodes minimum']],
    [{ account: 'a', nodes: 9 }, ['nodes maximum']],
    [{ account: 'a', nodes: 1.5 }, ['nodes type']],
    [{ account: 'a', share: 0 }, ['share exclusiveMinimum']],
    [{ account: 'a', share: 1 }, ['share exclusiveMaximum']],
    [{ account: 'a', queue: 'other' }, ['queue enum']],
    [{ account: 'a', hosts: [] }, ['hosts minItems']],
    [{ account: 'a', hosts: ['b', 1] }, ['hosts.1 type']],
    [{ account: 'a', time: 5 }, ['time anyOf']],
    [{ account: 'a', more: 1 }, ['more additionalProperties']],
    [[], [' type']]
  ])('of %j', (value, expected) => {
    expect(problemsOf(SCHEMA, value)).toEqual(expected);
  });

  it('follows a reference to itself no longer than the value goes on', () => {
    const tree = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(problemsOf(tree, { next: { next: 3 } })).toEqual(['next.next type']);
    expect(problemsOf({ $ref: '#' }, 3)).toEqual([]);
  });

  it('lets a schema of nonsense ask for nothing', () => {
    const nonsense = { properties: 7, required: 'x', items: 'y', anyOf: {} };
    expect(problemsOf(nonsense, {})).toEqual([]);
    expect(findProblems(null, {})).toEqual([]);
  });
});
