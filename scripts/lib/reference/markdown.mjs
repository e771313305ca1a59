/**
 * Text from declarations, as Markdown.
 */

/**
 * @param {string} text
 * @returns {string} the text with nothing in it that Markdown or HTML reads
 */
export function plain(text) {
  return text.replace(/[\\`*_<>|[\]$]/g, '\\$&');
}

/**
 * @param {string} text - what is filled in stands in braces
 * @returns {string} a message, in which that stands in italics
 */
export function message(text) {
  return text
    .split(/(\{[^}]*\})/)
    .map((part, index) =>
      index % 2 === 0 ? plain(part) : `_${placeName(part.slice(1, -1))}_`
    )
    .join('');
}

/**
 * @param {string} name - of a variable
 * @returns {string} for example `service id` of `_serviceId`
 */
function placeName(name) {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .trim()
    .toLowerCase();
}

/**
 * @param {string} text
 * @returns {string} the text as code
 */
export function code(text) {
  const ticks = text.includes('`') ? '``' : '`';
  return `${ticks}${text.replaceAll('|', '\\|')}${ticks}`;
}

/**
 * @param {readonly string[]} heads
 * @param {readonly (readonly string[])[]} rows
 * @returns {string} a table; nothing where it has no row
 */
export function table(heads, rows) {
  if (rows.length === 0) {
    return '';
  }
  const lines = [heads, heads.map(() => '---'), ...rows];
  return lines.map(cells => `| ${cells.join(' | ')} |\n`).join('');
}

/**
 * @param {readonly string[]} messages
 * @returns {string} a list of them
 */
export function list(messages) {
  return messages.map(text => `- ${message(text)}\n`).join('');
}
