// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { helpText, OPTIONS } from './options';

describe('OPTIONS', () => {
  it.each(OPTIONS)('--$name is told of by --help', option => {
    expect(helpText()).toContain(option.help);
  });

  it('has names and short forms of its own', () => {
    const names = OPTIONS.flatMap(({ name, short }) => [name, short ?? name]);
    expect(new Set(names).size).toBe(
      OPTIONS.length + OPTIONS.filter(({ short }) => short).length
    );
  });
});
