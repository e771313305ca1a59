// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { askedResults, hasConfig } from './lineMagics';

describe('hasConfig', () => {
  it.each([
    ['%compute_config -e far', true],
    ['x = 1\n  %compute_config', true],
    ['%compute_configure', false],
    ['# %compute_config', false],
    ['"%compute_config"', false]
  ])('%j: %s', (source, expected) => {
    expect(hasConfig(source)).toBe(expected);
  });
});

describe('askedResults', () => {
  it.each([
    ['%compute_result areas', ['areas']],
    ['%compute_result "my areas" -o x', ['my areas']],
    [
      'x = %compute_result areas\ny = %compute_result other',
      ['areas', 'other']
    ],
    ['%compute_result -o x areas', ['areas']],
    ['%compute_result', []],
    ['%compute_result a b', []],
    ['%compute_result "open', []],
    ['# %compute_result areas', []],
    ['print("%compute_result areas")', []]
  ])('%j: %j', (source, expected) => {
    expect(askedResults(source)).toEqual(expected);
  });
});
