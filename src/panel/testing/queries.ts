/** The button with that name. */
export function button(node: HTMLElement, name: RegExp): HTMLButtonElement {
  const found = [...node.querySelectorAll('button')].find(candidate =>
    name.test(candidate.getAttribute('aria-label') ?? candidate.textContent)
  );
  if (!found) {
    throw new Error(`No button ${name} in: ${node.textContent}`);
  }
  return found;
}
