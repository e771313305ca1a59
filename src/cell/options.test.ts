// @vitest-environment node
import { describe, expect, it } from 'vitest';

import readme from '../../README.md?raw';
import { helpText, OPTIONS } from './options';

describe('OPTIONS', () => {
  it.each(OPTIONS)('--$name is told of in the README and by --help', option => {
    expect(readme).toContain(`\`--${option.name}\``);
    expect(helpText()).toContain(option.help);
  });

  it('has names and short forms of its own', () => {
    const names = OPTIONS.flatMap(({ name, short }) => [name, short ?? name]);
    expect(new Set(names).size).toBe(
      OPTIONS.length + OPTIONS.filter(({ short }) => short).length
    );
  });
});
