/**
 * The window in which a person signs in. For browsers only.
 */

import { AuthenticationError, RequestAborted } from '../errors.js';

/** Tells our messages from those of other scripts of the page. */
const MESSAGE_SOURCE = 'jupyterlab-globus-compute.sign-in';

/** How the window looks. */
const FEATURES = 'popup,width=800,height=720';

/** How often to look whether the window was closed, in milliseconds. */
const WATCH_INTERVAL_MS = 250;

/**
 * A window that shows the issuer's page, and then our own page with the
 * answer, which passes it on with {@link passSignInToOpener}.
 */
export class SignInPopup {
  /**
   * Open the window, still empty. Browsers allow it only while they handle
   * the press of a button.
   *
   * @throws AuthenticationError when the browser does not allow it.
   */
  constructor() {
    const popup = globalThis.open('', '_blank', FEATURES);
    if (!popup) {
      throw new AuthenticationError(
        'The browser did not allow the window for the sign-in. Allow windows ' +
          'for this page, or sign in with a code.',
        { code: 'POPUP_BLOCKED' }
      );
    }
    this._popup = popup;
  }

  /**
   * Show the issuer's page and wait for the answer.
   *
   * @param url - The issuer's page.
   * @param signal - Gives up and closes the window.
   * @returns The address the issuer sent the answer to.
   * @throws AuthenticationError when the person closes the window.
   * @throws RequestAborted when the signal fires.
   */
  async answerTo(url: string, signal?: AbortSignal): Promise<string> {
    this._popup.location.replace(url);
    this._popup.focus();
    const done = new AbortController();
    try {
      return await Promise.race([
        this._message(done.signal),
        this._closed(done.signal),
        aborted(done.signal, signal)
      ]);
    } finally {
      done.abort();
    }
  }

  /** Close the window. */
  close(): void {
    this._popup.close();
  }

  /** The answer, from our window and our own page only. */
  private _message(done: AbortSignal): Promise<string> {
    return new Promise(resolve => {
      globalThis.addEventListener(
        'message',
        event => {
          const address = addressIn(event.data);
          const isOurs =
            event.source === this._popup &&
            event.origin === globalThis.location.origin;
          if (isOurs && address !== undefined) {
            resolve(address);
          }
        },
        { signal: done }
      );
    });
  }

  private _closed(done: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      let wasClosed = false;
      const timer = setInterval(() => {
        // Twice: the window closes itself right after it sent the answer.
        if (wasClosed) {
          clearInterval(timer);
          reject(
            new AuthenticationError(
              'The window was closed before the sign-in was finished. Start ' +
                'the sign-in again.',
              { code: 'POPUP_CLOSED' }
            )
          );
        }
        wasClosed = this._popup.closed;
      }, WATCH_INTERVAL_MS);
      done.addEventListener('abort', () => clearInterval(timer));
    });
  }

  private readonly _popup: Window;
}

/**
 * Pass the answer on to the page that opened this one, and close this one.
 * The page of the redirect address calls it when it is loaded.
 *
 * @returns False when no page opened this one.
 */
export function passSignInToOpener(): boolean {
  const opener = globalThis.opener as Window | null;
  if (!opener) {
    return false;
  }
  const { href, origin } = globalThis.location;
  // Only a page of our own origin gets it.
  opener.postMessage({ source: MESSAGE_SOURCE, address: href }, origin);
  globalThis.close();
  return true;
}

function addressIn(data: unknown): string | undefined {
  const message = (data ?? {}) as { source?: unknown; address?: unknown };
  return message.source === MESSAGE_SOURCE &&
    typeof message.address === 'string'
    ? message.address
    : undefined;
}

function aborted(done: AbortSignal, signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = () => reject(new RequestAborted('The sign-in was cancelled.'));
    if (signal?.aborted) {
      stop();
    }
    signal?.addEventListener('abort', stop, { signal: done });
  });
}
