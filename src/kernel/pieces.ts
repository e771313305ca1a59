import { encodeText } from './base64';

/**
 * The JSON text of a list in pieces, each made when it is asked for: all of a
 * large list at once would keep the page from answering.
 *
 * @param maxCharacters - Length of a piece at most; a multiple of 4.
 * @returns base64 of UTF-8; each piece can be decoded by itself.
 */
export function* listPieces(
  list: readonly unknown[],
  maxCharacters: number
): Generator<string> {
  // Base64 takes a third more, and not every character is one byte: what is
  // longer than meant is cut below.
  const wanted = maxCharacters / 2;
  let text = '[';
  for (const [at, item] of list.entries()) {
    text += (at > 0 ? ',' : '') + JSON.stringify(item);
    if (text.length >= wanted) {
      yield* cut(encodeText(text), maxCharacters);
      text = '';
    }
  }
  yield* cut(encodeText(`${text}]`), maxCharacters);
}

function* cut(text: string, maxCharacters: number): Generator<string> {
  for (let at = 0; at < text.length; at += maxCharacters) {
    yield text.slice(at, at + maxCharacters);
  }
}
