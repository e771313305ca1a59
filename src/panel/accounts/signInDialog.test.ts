import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  ADA,
  FakeAccounts,
  makeAccount,
  REQUEST
} from '../../model/testing/fakeAccounts';

import { button } from '../testing/queries';
import { finishSignIn } from './signInDialog';

describe('the dialog that finishes a sign-in', () => {
  let accounts: FakeAccounts;

  const open = (
    request = REQUEST,
    hasPage = true
  ): { ended: Promise<boolean>; dialog: () => Promise<HTMLElement> } => ({
    ended: finishSignIn({
      accounts,
      request,
      label: 'Globus Compute',
      hasPage,
      translator: nullTranslator
    }),
    dialog: () =>
      vi.waitFor(() => {
        const dialog = document.querySelector<HTMLElement>('.jp-Dialog');
        expect(dialog?.querySelector('a')).toBeTruthy();
        return dialog!;
      })
  });

  const paste = (dialog: HTMLElement, code: string): void => {
    const input = dialog.querySelector('input')!;
    Object.getOwnPropertyDescriptor(
      HTMLInputElement.prototype,
      'value'
    )?.set?.call(input, code);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  };

  beforeEach(() => {
    vi.stubGlobal('requestIdleCallback', (callback: () => void) =>
      setTimeout(callback)
    );
    accounts = new FakeAccounts([makeAccount()]);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    document.body.textContent = '';
  });

  it('takes the code, another one where it is wrong, and closes', async () => {
    const completeSignIn = vi
      .fn<(request: unknown, code: string) => Promise<void>>()
      .mockRejectedValueOnce(new Error('The code was not accepted.'))
      .mockImplementationOnce(() => {
        accounts.become(ADA);
        return Promise.resolve();
      });
    accounts.calls.completeSignIn = completeSignIn;
    const { ended, dialog } = open();
    const node = await dialog();
    expect(node.querySelector('label')?.htmlFor).toBe(
      node.querySelector('input')?.id
    );
    paste(node, 'wrong');
    button(node, /Finish/).click();
    await vi.waitFor(() => {
      expect(node.querySelector('[role="alert"]')?.textContent).toBe(
        'The code was not accepted.'
      );
    });
    expect(node.querySelector('input')?.getAttribute('aria-invalid')).toBe(
      'true'
    );
    paste(node, 'right');
    button(node, /Finish/).click();
    await expect(ended).resolves.toBe(true);
    expect(completeSignIn.mock.calls.map(([, code]) => code)).toEqual([
      'wrong',
      'right'
    ]);
    expect(document.querySelector('.jp-Dialog')).toBeNull();
  });

  it('has a link where the browser did not open the page', async () => {
    accounts.calls.cancelSignIn = () => Promise.resolve();
    const { ended, dialog } = open(REQUEST, false);
    const node = await dialog();
    expect(node.textContent).toContain('did not open the page');
    const link = node.querySelector('a')!;
    expect(link.href).toBe(REQUEST.url);
    expect([link.target, link.rel]).toEqual(['_blank', 'noopener noreferrer']);
    button(node, /Cancel/).click();
    await ended;
  });

  it('gives the sign-in up when it is closed', async () => {
    const cancelSignIn = vi.fn(() => Promise.resolve());
    accounts.calls.cancelSignIn = cancelSignIn;
    const { ended, dialog } = open();
    const node = await dialog();
    // No code, nothing to try.
    button(node, /Finish/).click();
    button(node, /Cancel/).click();
    await expect(ended).resolves.toBe(false);
    expect(cancelSignIn).toHaveBeenCalledExactlyOnceWith(REQUEST);
  });

  it('closes by itself where the page comes back', async () => {
    const { ended, dialog } = open({ ...REQUEST, completes: 'redirect' });
    const node = await dialog();
    expect(node.querySelector('input')).toBeNull();
    accounts.renewed.emit('lab');
    expect(document.querySelector('.jp-Dialog')).toBe(node);
    accounts.become(ADA);
    await expect(ended).resolves.toBe(true);
  });
});
