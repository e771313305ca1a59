// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { classContent, classFile } from '../model/testing/fakeClassFiles';
import type { IClassRules, IEndpointInfo } from '../tokens';
import { describeClass, withClass } from './classDefaults';
import { parseMagic } from './magic/magic';
import { checkClassLimits } from './run/classLimits';

const ID = '11111111-1111-4111-8111-111111111111';
const SQUARE = { name: 'square', id: '0b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b' };

const MIDWAY: IEndpointInfo = {
  id: ID,
  name: 'Midway',
  registeredName: 'midway',
  service: 'cloud',
  status: 'online'
};

function rules(changes: Partial<IClassRules> = {}): IClassRules {
  return {
    file: classFile({ state: 'accepted' }),
    content: classContent({ config: { account: 'x' }, functions: [SQUARE] }),
    endpoint: MIDWAY,
    detour: null,
    ...changes
  };
}

function classed(source: string, defaults = '', chosen: string | null = null) {
  return withClass(parseMagic(source, defaults), source, rules(), chosen);
}

describe('what a class file fills in', () => {
  it('is the endpoint and its configuration, where nothing else is said', () => {
    const { magic, isThere } = classed('%%compute\n1');
    expect([magic.endpoint, magic.config]).toEqual([ID, '{"account":"x"}']);
    expect(isThere).toBe(true);
  });

  it.each([
    ['the line', '%%compute -e lab\n1', '', null],
    ['%compute_config', '%%compute\n1', '-e lab', null],
    ['the choice for the notebook', '%%compute\n1', '', 'other-id']
  ])('comes after %s', (_, source, defaults, chosen) => {
    const { magic, isThere, detour } = classed(source, defaults, chosen);
    expect(magic).toEqual(parseMagic(source, defaults));
    expect([isThere, detour]).toEqual([false, null]);
  });

  it('is the configuration of its own endpoint, named in other words', () => {
    expect(classed('%%compute -e Midway\n1').magic.config).toBe(
      '{"account":"x"}'
    );
    expect(classed('%%compute -c "{}"\n1').magic.config).toBe('{}');
  });

  it('is this computer without the configuration on a detour', () => {
    const here = { ...MIDWAY, id: 'here', service: 'local' };
    const found = withClass(
      parseMagic('%%compute\n1'),
      '%%compute\n1',
      rules({ endpoint: here, detour: 'not signed in' }),
      null
    );
    expect(found.magic).toMatchObject({ endpoint: 'here', config: null });
    expect(found.detour).toBe('not signed in');
  });

  it.each([
    ['%%compute\nsquare(3)', 1],
    ['%%compute\nprint([square (x) for x in y])', 1],
    ['%%compute --args 3\nx = square(3)', 1],
    ['%%compute\nmy.square(3)', 0],
    ['%%compute\nsquared(3)', 0],
    ['%%compute\nsquare = 3', 0],
    ['%%compute\ndef square(x):\n    return x\nsquare(3)', 0],
    [`%%compute -f square=${SQUARE.id}\nsquare(3)`, 0]
  ])('offers a function to %j: %i', (source, count) => {
    expect(classed(source).functions).toHaveLength(count);
  });

  it('is told as the options that would say the same', () => {
    expect(describeClass(rules())).toBe(
      String.raw`-e Midway -c "{\"account\":\"x\"}" -f square`
    );
    expect(describeClass(rules({ detour: 'no account' }))).toBe(
      '-e Midway -f square'
    );
  });
});

describe('the limits of a class', () => {
  const task = (payload: string) => ({
    index: 0,
    function: '0',
    payload,
    label: 'square(3)',
    line: 2
  });
  const limited = (tasks: number, limits: Record<string, number>) => ({
    file: classFile({ state: 'accepted', tasks }),
    content: classContent({ limits, contact: 'ada@university.example' })
  });

  it('refuse tasks beyond those that are left', () => {
    const two = { tasks: [task('p'), task('p')] };
    expect(() =>
      checkClassLimits(two, limited(8, { tasks: 10 }), 0)
    ).not.toThrow();
    expect(() => checkClassLimits(two, limited(8, { tasks: 10 }), 1)).toThrow(
      /allows 10 tasks for each student; 9 were submitted before, and this cell has 2\. Nothing was sent\. .* ask ada@university\.example/
    );
  });

  it('refuse arguments that are too large', () => {
    const step = { tasks: [task('p'.repeat(2000))] };
    expect(() =>
      checkClassLimits(step, limited(0, { payloadBytes: 2000 }), 0)
    ).not.toThrow();
    expect(() =>
      checkClassLimits(step, limited(0, { payloadBytes: 1999 }), 0)
    ).toThrow(/arguments of square\(3\) are 2000 bytes.*allows 1999/);
  });
});
