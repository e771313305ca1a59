import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { GLOBUS_AUTH } from './issuer.js';
import { OidcLoginManager } from './oidc.js';
import { passSignInToOpener } from './popup.js';

/** A window that stays open, and does nothing. */
function inertWindow() {
  return {
    closed: false,
    close: vi.fn(),
    focus: vi.fn(),
    location: { replace: vi.fn<(url: string) => void>() }
  };
}

const manager = (redirectUri = `${location.origin}/callback`) =>
  new OidcLoginManager({ clientId: 'client', redirectUri });

let popup: ReturnType<typeof inertWindow>;

beforeEach(() => {
  popup = inertWindow();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const opens = (opened: unknown) =>
  vi.spyOn(globalThis, 'open').mockReturnValue(opened as Window | null);

describe('signInWithPopup', () => {
  it('says so when the browser does not allow the window', async () => {
    opens(null);
    await expect(manager().signInWithPopup()).rejects.toMatchObject({
      code: 'POPUP_BLOCKED'
    });
  });

  it('opens no window whose answer it could not read', async () => {
    const open = opens(popup);
    const away = manager('https://auth.globus.org/v2/web/auth-code');
    await expect(away.signInWithPopup()).rejects.toMatchObject({
      code: 'FOREIGN_REDIRECT'
    });
    expect(open).not.toHaveBeenCalled();
  });

  it('opens the window before it awaits anything', () => {
    const open = opens(popup);
    const { signal } = stopped();
    void manager().signInWithPopup({ signal }).catch(String);
    expect(open).toHaveBeenCalledOnce();
  });

  it('ends when it is told to, and closes the window', async () => {
    opens(popup);
    const stop = new AbortController();
    popup.location.replace.mockImplementation(() => stop.abort());
    await expect(
      manager().signInWithPopup({ signal: stop.signal })
    ).rejects.toMatchObject({ name: 'AbortError' });
    expect(popup.close).toHaveBeenCalledOnce();
    const [[url]] = popup.location.replace.mock.calls;
    expect(url.startsWith(GLOBUS_AUTH.authorizationUrl)).toBe(true);
  });

  it('takes no message of another window or another page', async () => {
    opens(popup);
    const stop = new AbortController();
    const answer = {
      source: 'jupyterlab-globus-compute.sign-in',
      address: `${location.origin}/callback?code=x&state=y`
    };
    const send = (data: unknown, from: unknown, origin: string) =>
      globalThis.dispatchEvent(
        Object.assign(new Event('message'), { data, source: from, origin })
      );
    popup.location.replace.mockImplementation(() => {
      setTimeout(() => {
        send(answer, globalThis, location.origin);
        send(answer, popup, 'https://evil.example');
        send({ ...answer, source: 'other' }, popup, location.origin);
        send(null, popup, location.origin);
        stop.abort();
      });
    });
    await expect(
      manager().signInWithPopup({ signal: stop.signal })
    ).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('passSignInToOpener', () => {
  it('does nothing in a page that nobody opened', () => {
    expect(passSignInToOpener()).toBe(false);
  });

  it('tells only pages of its own origin, and closes', () => {
    const postMessage = vi.fn();
    vi.stubGlobal('opener', { postMessage });
    const close = vi.spyOn(globalThis, 'close').mockReturnValue();
    expect(passSignInToOpener()).toBe(true);
    expect(postMessage).toHaveBeenCalledWith(
      expect.objectContaining({ address: location.href }),
      location.origin
    );
    expect(close).toHaveBeenCalledOnce();
  });
});

/** A signal that fired. */
function stopped(): AbortController {
  const controller = new AbortController();
  controller.abort();
  return controller;
}
