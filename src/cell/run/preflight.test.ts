// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { parseMagic } from '../magic/magic';
import type { IEndpointFacts } from './endpointFacts';
import { remarksOn } from './preflight';

const facts = (pythonVersion?: string): IEndpointFacts => ({
  endpoint: {
    id: 'ep',
    name: 'far',
    registeredName: 'far',
    service: 'local',
    status: 'online',
    pythonVersion
  },
  status: 'online',
  allowed: null,
  complete: Promise.resolve()
});

describe('remarksOn', () => {
  it('warns of bytecode that the Python there may not read', () => {
    const magic = parseMagic('%%compute --serializer dill');
    expect(remarksOn(magic, facts('3.12.1'), '3.11.7')).toEqual([
      'dill sends bytecode of Python 3.11, and "far" runs Python 3.12, which may not read it. Leave out --serializer to send the source.'
    ]);
  });

  it.each([
    ['the same minor version', '%%compute --serializer dill', '3.11.2'],
    [
      'an endpoint that does not tell',
      '%%compute --serializer dill',
      undefined
    ],
    ['source text', '%%compute', '3.12.1']
  ])('says nothing of %s', (_, line, there) => {
    expect(remarksOn(parseMagic(line), facts(there), '3.11.7')).toEqual([]);
  });
});
