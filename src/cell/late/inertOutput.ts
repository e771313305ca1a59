import type { IMimeBundle, IOutput } from '@jupyterlab/nbformat';
import {
  isDisplayUpdate,
  isDisplayData,
  isExecuteResult
} from '@jupyterlab/nbformat';
import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';

/** What shows a value and cannot carry a script, even in a trusted notebook. */
const INERT_TYPES: ReadonlySet<string> = new Set([
  'text/plain',
  'text/latex',
  'application/json',
  'image/png',
  'image/jpeg',
  'image/gif'
]);

/**
 * An output that came from elsewhere, as far as it executes nothing: markup is
 * sanitised, and what may hold a script is left out. Its plain text stays.
 *
 * A notebook that a person trusts would run such scripts as soon as it is
 * opened.
 */
export function inertOutput(
  output: IOutput,
  sanitizer: IRenderMime.ISanitizer
): IOutput {
  if (
    !isDisplayData(output) &&
    !isDisplayUpdate(output) &&
    !isExecuteResult(output)
  ) {
    return output;
  }
  const data: IMimeBundle = {};
  for (const [type, value] of Object.entries(output.data)) {
    if (type === 'text/html') {
      const html = [value].flat().filter(part => typeof part === 'string');
      data[type] = sanitizer.sanitize(html.join(''));
    } else if (INERT_TYPES.has(type)) {
      data[type] = value;
    }
  }
  return { ...output, data };
}
