/** How an id of Globus Compute looks, for people who have to type one. */
export const EXAMPLE_ID = '4b116d3c-1703-4f8f-9f6f-39921e5864df';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The ids in a text, each once, in lower case.
 *
 * @param text - Ids with anything that is no part of one between them, as a
 * person copies them from a terminal or a list.
 * @returns `null` where a word is no id.
 */
export function readUuids(text: string): string[] | null {
  const words = text.split(/[\s,;'"[\](){}]+/).filter(Boolean);
  return words.every(word => UUID.test(word))
    ? [...new Set(words.map(word => word.toLowerCase()))]
    : null;
}
