import type { IClassFunction, IClassRules } from '../tokens';
import type { IMagic } from './magic/magic';
import { magicLine, magicStart } from './magic/magic';
import { quoteWord } from './magic/tokenizer';

/** What a cell runs with, once the class file of its folder is heard. */
export interface IClassedMagic {
  /** The line, filled in where neither it nor `%compute_config` says. */
  readonly magic: IMagic;
  /** The class's functions that the cell may mean. */
  readonly functions: readonly IClassFunction[];
  /** Whether the cell runs where the class file says. */
  readonly isThere: boolean;
  /** Why it runs here although the class file says elsewhere. */
  readonly detour: string | null;
}

/**
 * Fill in what an accepted class file says. It comes last: after the line,
 * `%compute_config` and what the person chose for the notebook.
 *
 * @param chosen - Id of the endpoint that the person chose for the notebook.
 */
export function withClass(
  magic: IMagic,
  source: string,
  { content, endpoint, detour }: IClassRules,
  chosen: string | null
): IClassedMagic {
  const functions = mentioned(content.functions ?? [], source, magic);
  const isOpen = magic.endpoint === null && chosen === null;
  const isNamed =
    endpoint !== null &&
    [endpoint.id, endpoint.name].includes(magic.endpoint ?? chosen ?? '');
  if (!endpoint || !(isOpen || isNamed)) {
    return { magic, functions, isThere: false, detour: null };
  }
  const isThere = detour === null;
  const config =
    isThere && content.config ? JSON.stringify(content.config) : null;
  return {
    magic: {
      ...magic,
      endpoint: magic.endpoint ?? endpoint.id,
      config: magic.config ?? config
    },
    functions,
    isThere,
    detour: isOpen ? detour : null
  };
}

/** What a class file sets, as the options that would say the same. */
export function describeClass({
  content,
  endpoint,
  detour
}: IClassRules): string {
  const { config, functions = [] } = content;
  const name = endpoint?.name ?? content.endpoint?.name ?? content.service;
  const words = [`-e ${quoteWord(name)}`];
  if (config && detour === null) {
    words.push(`-c ${quoteWord(JSON.stringify(config))}`);
  }
  words.push(...functions.map(({ name }) => `-f ${name}`));
  return words.join(' ');
}

/** The functions that a cell names and neither it nor its line defines. */
function mentioned(
  functions: readonly IClassFunction[],
  source: string,
  magic: IMagic
): IClassFunction[] {
  const code = source.slice(magicStart(source) + magicLine(source).length);
  const line = [magic.args, magic.kwargs].join(' ');
  const given = new Set(magic.functions.map(([name]) => name));
  return functions.filter(
    ({ name }) =>
      !given.has(name) &&
      // Names are letters, digits and underscores: the gateway has checked.
      (new RegExp(`(?<![\\w.])${name}\\s*\\(`).test(code) ||
        new RegExp(`\\b${name}\\b`).test(line)) &&
      !new RegExp(`^\\s*(?:async\\s+)?def\\s+${name}\\b`, 'm').test(code)
  );
}
