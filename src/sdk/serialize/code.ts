/**
 * Code strategies: Python functions as source text.
 *
 * @see globus_compute_sdk/serialize/concretes.py
 */

import { SerializationError } from '../errors.js';
import type { SourceStrategy } from '../options.js';
import { PyTuple } from '../pickle/values.js';
import { dumps } from '../pickle/writer.js';
import { encodeBase64 } from './base64.js';
import { packBuffers } from './buffers.js';

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Separates name and source, and the members of strategy `10`. */
const SEPARATOR = ':';

/**
 * Write a Python function as its source.
 *
 * `st` and `sd` are plain text, which every Python version and every
 * allowlist of the SDK accepts; `03` and `04` pickle it; `10` and `12` combine
 * several.
 *
 * @param name - Name the source binds the function to.
 * @param source - Python source; indentation common to all lines is removed.
 * @param strategy - How to write it.
 * @throws SerializationError when the name is no identifier, or does not
 * appear in the source.
 */
export function serializeSource(
  name: string,
  source: string,
  strategy: SourceStrategy = 'st'
): string {
  if (!IDENTIFIER.test(name)) {
    throw new SerializationError(
      `"${name}" is not the name of a Python function. Give the name after ` +
        '"def".'
    );
  }
  if (!source.includes(name)) {
    throw new SerializationError(
      `The source does not define "${name}". Give the name it does define.`
    );
  }
  return write(name, dedent(source), strategy);
}

function write(name: string, body: string, strategy: SourceStrategy): string {
  switch (strategy) {
    case 'st':
    case 'sd':
      return `${strategy}\n${name}${SEPARATOR}${body}`;
    case '03':
    case '04':
      return `${strategy}\n${encodeBase64(dumps(PyTuple.pack(name, body)))}`;
    case '10': {
      // Plain source holds separators, so the base64 members come first.
      const members = (['04', '03', 'sd', 'st'] as const).map(member =>
        write(name, body, member).replace('\n', `\n${SEPARATOR}`)
      );
      return `10\n${members.join(SEPARATOR)}`;
    }
    case '12':
      return `12\n${packBuffers([
        write(name, body, 'st'),
        write(name, body, 'sd')
      ])}`;
  }
}

/**
 * Remove the indentation all lines have in common; lines of whitespace only
 * do not count. Source that is not indented stays as it is.
 */
export function dedent(source: string): string {
  const lines = source.split('\n');
  const margin = lines
    .filter(line => line.trim() !== '')
    .map(line => /^[ \t]*/.exec(line)?.[0] ?? '')
    .reduce<string | undefined>(
      (common, indent) =>
        common === undefined ? indent : commonPrefix(common, indent),
      undefined
    );
  if (!margin) {
    return source;
  }
  return lines
    .map(line => (line.startsWith(margin) ? line.slice(margin.length) : ''))
    .join('\n');
}

function commonPrefix(first: string, second: string): string {
  let length = 0;
  while (length < first.length && first[length] === second[length]) {
    length += 1;
  }
  return first.slice(0, length);
}
