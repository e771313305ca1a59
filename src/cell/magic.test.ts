// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { isComputeCell, MagicError, parseMagic, withEndpoint } from './magic';

const plain = {
  endpoint: null,
  name: null,
  inputs: [],
  outputs: [],
  wait: true,
  timeoutMs: null,
  body: false,
  capture: true,
  help: false
};

describe('isComputeCell', () => {
  it.each([
    ['%%compute', true],
    ['%%compute -e x\nf()', true],
    ['\n  \n%%compute\nf()', true],
    ['%%computer\nf()', false],
    ['%compute', false],
    ['x = 1\n%%compute', false],
    ['# %%compute', false],
    ['', false]
  ])('%j: %s', (source, expected) => {
    expect(isComputeCell(source)).toBe(expected);
  });
});

describe('parseMagic', () => {
  it.each([
    ['%%compute', {}],
    ['%%compute -e my-cluster', { endpoint: 'my-cluster' }],
    ['%%compute -emy-cluster', { endpoint: 'my-cluster' }],
    ['%%compute --endpoint="This computer"', { endpoint: 'This computer' }],
    ['%%compute -e \'a "b"\'', { endpoint: 'a "b"' }],
    ['%%compute -e a -e b', { endpoint: 'b' }],
    ['%%compute -i a,b -i c', { inputs: ['a', 'b', 'c'] }],
    ['%%compute -i "a, b,"', { inputs: ['a', 'b'] }],
    ['%%compute -o größe', { outputs: ['größe'] }],
    [
      '%%compute --no-wait --body --no-capture --name "My run"',
      {
        wait: false,
        body: true,
        capture: false,
        name: 'My run'
      }
    ],
    ['%%compute --timeout 90', { timeoutMs: 90_000 }],
    ['%%compute --timeout=1.5m', { timeoutMs: 90_000 }],
    ['%%compute --timeout 99999h', { timeoutMs: 2 ** 31 - 1 }],
    ['%%compute -h', { help: true }],
    ['%%compute\n-e not-an-option', {}]
  ])('%j', (source, expected) => {
    expect(parseMagic(source)).toEqual({ ...plain, ...expected });
  });

  it.each([
    ['%%compute --endpint x', /no option --endpint.*-e\/--endpoint NAME/],
    ['%%compute -x', /no option -x/],
    ['%%compute my-cluster', /does not know what to do with "my-cluster"/],
    ['%%compute -e', /-e needs a value/],
    ['%%compute -e --body', /-e needs a value/],
    ['%%compute --body=yes', /--body takes no value/],
    ['%%compute -i 1x', /"1x" is none/],
    ['%%compute --timeout soon', /"soon" is none/],
    ['%%compute --timeout 0', /"0" is none/],
    ['%%compute -e "open', /A " is opened and not closed/]
  ])('%j is refused', (source, message) => {
    expect(() => parseMagic(source)).toThrow(MagicError);
    expect(() => parseMagic(source)).toThrow(message);
  });
});

describe('withEndpoint', () => {
  it.each([
    ['%%compute\nf()', 'a', '%%compute -e a\nf()'],
    ['%%compute --body\nf()', 'a b', '%%compute -e "a b" --body\nf()'],
    ['%%compute  -e a   --body', 'b', '%%compute -e b   --body'],
    ['%%compute --body --endpoint="a b"\nx', 'c', '%%compute --body -e c\nx'],
    ['%%compute -e a\nf()', null, '%%compute\nf()'],
    ['\n%%compute -e a', 'b', '\n%%compute -e b'],
    ['%%compute --oops\nf()', 'b', '%%compute --oops\nf()']
  ])('%j with %j', (source, name, expected) => {
    expect(withEndpoint(source, name)).toBe(expected);
  });

  it('is read back as it was written', () => {
    const name = 'lab\'s "big" one \\ two';
    expect(parseMagic(withEndpoint('%%compute\nf()', name)).endpoint).toBe(
      name
    );
  });
});
