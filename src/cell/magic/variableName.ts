/** A Python name that resembles a title, to be offered to a person. */
export function nameFor(title: string): string {
  const name = title
    .trim()
    .toLowerCase()
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '');
  return /^[^\W\d]/.test(name) ? `${name}_result` : 'result';
}
