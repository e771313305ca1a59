const ESCAPE = String.fromCharCode(27);
const ANSI_SEQUENCE = new RegExp(`${ESCAPE}\\[[0-?]*[ -/]*[@-~]`, 'g');
const CONTROL_CHARACTER = /\p{Cc}/gu;

/**
 * Text from outside without what could steer a terminal: colour sequences and
 * control characters other than tab and newline.
 *
 * A saved card is also read with `cat`, `less` and `jupyter console`.
 *
 * @param text - Any text.
 */
export function plainText(text: string): string {
  return text
    .replace(ANSI_SEQUENCE, '')
    .replace(CONTROL_CHARACTER, character =>
      character === '\n' || character === '\t' ? character : ''
    );
}
