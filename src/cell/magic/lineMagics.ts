import { splitWords } from './tokenizer';

const CONFIG = /^[^\S\n]*%compute_config(?=\s|$)/m;

/* Alone on its line, or what a name is bound to. */
const RESULT =
  /^[^\S\n]*(?:[^\s#'"=][^#'"=\n]*=[^\S\n]*)?%compute_result[^\S\n]+([^\n]+)$/gm;

/** Whether a cell sets or shows the defaults of `%%compute`. */
export function hasConfig(source: string): boolean {
  return CONFIG.test(source);
}

/** The names and ids of the batches that a cell asks for again. */
export function askedResults(source: string): string[] {
  return [...source.matchAll(RESULT)].flatMap(([, line]) => {
    try {
      const words = splitWords(line).map(({ text }) => text);
      const at = words.findIndex(word => word === '-o' || word === '--output');
      if (at >= 0) {
        words.splice(at, 2);
      }
      return words.length === 1 ? words : [];
    } catch {
      // The kernel says what is wrong with the line.
      return [];
    }
  });
}
