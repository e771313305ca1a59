// @vitest-environment node
import { describe, expect, it } from 'vitest';

import text from '../../../jupyterlab_globus_compute/tests/magic_lines.json?raw';
import { isComputeCell, MagicError, parseMagic, withEndpoint } from './magic';
import { OPTIONS } from './options';

/** What lines mean; the parser in Python is held to the same. */
const table = JSON.parse(text) as {
  readonly plain: Readonly<Record<string, unknown>>;
  readonly understood: readonly ILine[];
  readonly withDefaults: readonly (ILine & { readonly defaults: string })[];
  readonly refused: readonly {
    readonly line: string;
    readonly message: string;
  }[];
};

interface ILine {
  readonly line: string;
  readonly means: Readonly<Record<string, unknown>>;
}

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
  it.each(table.understood)('$line', ({ line, means }) => {
    expect(parseMagic(line)).toEqual({ ...table.plain, ...means });
  });

  it.each(table.withDefaults)(
    '$line with $defaults',
    ({ line, defaults, means }) => {
      expect(parseMagic(line, defaults)).toEqual({ ...table.plain, ...means });
    }
  );

  it.each(table.refused)('$line is refused', ({ line, message }) => {
    expect(() => parseMagic(line)).toThrow(MagicError);
    expect(() => parseMagic(line)).toThrow(message);
  });

  it('says where a default that is wrong comes from', () => {
    expect(() => parseMagic('%%compute', '--oops')).toThrow(
      '%compute_config: %%compute has no option --oops'
    );
  });

  it('is tried with every option', () => {
    const lines = table.understood.map(({ line }) => `${line} `).join(' ');
    for (const { name } of OPTIONS) {
      expect(lines).toMatch(new RegExp(`--${name}[ =]`));
    }
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
