import { act } from 'react';

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

/** The field with that name. */
export function field(node: HTMLElement, name: string): HTMLInputElement {
  const found = [...node.querySelectorAll('input')].find(
    candidate => candidate.getAttribute('aria-label') === name
  );
  if (!found) {
    throw new Error(`No field ${name} in: ${node.innerHTML}`);
  }
  return found;
}

/** Type into a field, as React hears of it. */
export function type(input: HTMLInputElement, text: string): void {
  act(() => {
    // React listens to the setter of the element's prototype.
    Object.getOwnPropertyDescriptor(
      HTMLInputElement.prototype,
      'value'
    )?.set?.call(input, text);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
