/**
 * Python's spelling of numbers, texts and bytes.
 */

/** Python writes floats with an exponent from here on. */
const FIRST_LARGE_EXPONENT = 16;

/** Python writes floats with an exponent below this. */
const LAST_SMALL_EXPONENT = -4;

const ESCAPES: Readonly<Record<string, string | undefined>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\'
};

/**
 * A float as Python's `repr` writes it, e.g. `1.0`, `1e-05` or `nan`.
 */
export function floatLiteral(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  }
  const [mantissa, power] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent < LAST_SMALL_EXPONENT || exponent >= FIRST_LARGE_EXPONENT) {
    const digits = String(Math.abs(exponent)).padStart(2, '0');
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
  }
  const fixed = Object.is(value, -0) ? '-0' : String(value);
  return fixed.includes('.') ? fixed : `${fixed}.0`;
}

/**
 * A number as Python writes it: integral numbers that are exact are ints.
 */
export function numberLiteral(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
    ? String(value)
    : floatLiteral(value);
}

/**
 * A complex number as Python writes it, e.g. `(1+2j)`.
 */
export function complexLiteral(real: number, imaginary: number): string {
  const part = (value: number) => floatLiteral(value).replace(/\.0$/, '');
  const imaginaryPart = `${part(imaginary)}j`;
  if (Object.is(real, 0)) {
    return imaginaryPart;
  }
  const sign = imaginaryPart.startsWith('-') ? '' : '+';
  return `(${part(real)}${sign}${imaginaryPart})`;
}

/**
 * A text in quotes, with Python's escapes.
 */
export function textLiteral(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(
    // Controls, line and paragraph separators, lone surrogates.
    /[\p{Cc}\p{Cs}\u2028\u2029\\'"]/gu,
    character =>
      character === quote ? `\\${character}` : escapeCharacter(character)
  );
  return quote + body + quote;
}

/**
 * Bytes in quotes, with Python's escapes.
 */
export function bytesLiteral(bytes: Uint8Array): string {
  const text = Array.from(bytes, byte => String.fromCharCode(byte)).join('');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = text.replace(/[^ -~]|[\\'"]/g, character =>
    character === quote ? `\\${character}` : escapeCharacter(character)
  );
  return `b${quote}${body}${quote}`;
}

function escapeCharacter(character: string): string {
  if (character === "'" || character === '"') {
    return character;
  }
  const known = ESCAPES[character];
  if (known !== undefined) {
    return known;
  }
  const code = character.charCodeAt(0);
  const hex = code.toString(16);
  return code < 0x100
    ? `\\x${hex.padStart(2, '0')}`
    : `\\u${hex.padStart(4, '0')}`;
}
