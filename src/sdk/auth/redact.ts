/**
 * Keeping tokens out of texts that a person or a log may see.
 */

/** What stands in a secret's place. */
const MARK = '[removed]';

/** Shorter ones would blank out ordinary words, and are no secrets. */
const MIN_SECRET = 6;

/**
 * A text without secrets: services quote what they refuse.
 *
 * @param text - What was answered.
 * @param secrets - Tokens, codes and passwords, or whole headers with them.
 */
export function redacted(text: string, secrets: readonly string[]): string {
  const words = secrets
    .flatMap(secret => [secret, ...secret.split(' ')])
    .filter(word => word.length >= MIN_SECRET && word !== 'Bearer')
    .flatMap(word => [word, encodeURIComponent(word)]);
  const known = words.reduce((rest, word) => rest.replaceAll(word, MARK), text);
  return known.replaceAll(/\bBearer\s+[\w.~+/=-]{6,}/gi, `Bearer ${MARK}`);
}
