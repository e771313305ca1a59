import { nullTranslator } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { click, mount } from '../../testing/mount';
import { button } from '../testing/queries';
import type { IConfigFormProps } from './configForm';
import { ConfigForm } from './configForm';

function refuse(): never {
  throw new Error('Unexpected call.');
}

function form(props: Partial<IConfigFormProps> = {}): ReactElement {
  return (
    <ConfigForm
      schema={{
        type: 'object',
        properties: {
          account: { type: 'string', title: 'Account' },
          nodes: { type: 'integer', minimum: 1, maximum: 8, default: 1 },
          queue: { enum: ['short', 'long'] }
        },
        required: ['account']
      }}
      presets={new Map([['large', { account: 'abc', nodes: 8 }]])}
      canSave={true}
      translator={nullTranslator}
      onChange={() => undefined}
      onSave={refuse}
      onDelete={refuse}
      {...props}
    />
  );
}

function set(
  element: HTMLInputElement | HTMLSelectElement,
  text: string
): void {
  const prototype: object =
    element instanceof HTMLSelectElement
      ? HTMLSelectElement.prototype
      : HTMLInputElement.prototype;
  act(() => {
    // React listens to the setter of the element's prototype.
    Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(
      element,
      text
    );
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
  });
}

describe('the form of a configuration', () => {
  it("is made from the endpoint's own schema", () => {
    const onChange = vi.fn();
    const { node } = mount(form({ onChange }));
    expect(node.textContent).toContain('Account');
    set(node.querySelector('#jp-GlobusCompute-config_account')!, 'abc');
    expect(onChange.mock.lastCall?.[0]).toMatchObject({
      account: 'abc',
      nodes: 1
    });
    set(node.querySelector('#jp-GlobusCompute-config_nodes')!, '99');
    expect(node.textContent).toContain('must be at most 8');
  });

  it('takes up, saves and deletes presets', () => {
    const onChange = vi.fn();
    const onSave = vi.fn();
    const onDelete = vi.fn();
    const { node } = mount(form({ onChange, onSave, onDelete }));
    set(node.querySelector('select')!, 'large');
    expect(onChange.mock.lastCall?.[0]).toEqual({ account: 'abc', nodes: 8 });
    set(node.querySelector('input')!, 'copy');
    click(button(node, /Save preset/));
    expect(onSave).toHaveBeenCalledExactlyOnceWith('copy', {
      account: 'abc',
      nodes: 8
    });
    set(node.querySelector('input')!, 'large');
    click(button(node, /Delete preset/));
    expect(onDelete).toHaveBeenCalledExactlyOnceWith('large');
  });
});
