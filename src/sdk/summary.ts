/**
 * Describes values with code that is loaded with the first of them.
 */

import type { IDescribeOptions } from './pickle/describe.js';

/**
 * As `describe`, for pages that show few values: what describes them is
 * loaded when it is needed.
 */
export async function summarize(
  value: unknown,
  options?: IDescribeOptions
): Promise<string> {
  const { describe } = await import('./pickle/describe.js');
  return describe(value, options);
}
