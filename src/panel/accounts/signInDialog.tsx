import { Dialog } from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useId } from 'react';

import { TRANSLATION_DOMAIN } from '../../model/format';
import type { IAccounts, ISignInRequest } from '../../tokens';

/** What the dialog needs. */
export interface ISignInDialogOptions {
  readonly accounts: IAccounts;
  readonly request: ISignInRequest;
  /** What people call the service. */
  readonly label: string;
  /** Whether the browser has opened the page. */
  readonly hasPage: boolean;
  readonly translator: ITranslator;
}

/**
 * Lets a person finish a sign-in: with the code of its page, or in the page
 * alone where it comes back by itself.
 *
 * @returns whether the person is signed in; else the request is given up.
 */
export async function finishSignIn(
  options: ISignInDialogOptions
): Promise<boolean> {
  const { accounts, request } = options;
  const dialog = new SignInDialog(options);
  await dialog.launch();
  const { isSignedIn } = dialog;
  dialog.dispose();
  if (!isSignedIn) {
    await accounts.cancelSignIn(request);
  }
  return isSignedIn;
}

/** Index of the button that ends the sign-in. */
const FINISH = 1;

class SignInDialog extends Dialog<unknown> {
  constructor(options: ISignInDialogOptions) {
    const trans = options.translator.load(TRANSLATION_DOMAIN);
    const body = new SignInBody(options, trans);
    const takesCode = options.request.completes === 'code';
    super({
      title: trans.__('Sign in to %1', options.label),
      body,
      buttons: [
        Dialog.cancelButton({ label: trans.__('Cancel') }),
        ...(takesCode
          ? [Dialog.okButton({ label: trans.__('Finish signing in') })]
          : [])
      ],
      defaultButton: takesCode ? FINISH : 0,
      focusNodeSelector: takesCode ? 'input' : 'a'
    });
    this._given = options;
    this._form = body;
    this.addClass('jp-GlobusCompute-signInDialog');
    options.accounts.renewed.connect(this._onRenewed, this);
  }

  /** Whether the sign-in has ended well. */
  get isSignedIn(): boolean {
    return this._isSignedIn;
  }

  /** Listen no longer. */
  override dispose(): void {
    if (!this.isDisposed) {
      this._given.accounts.renewed.disconnect(this._onRenewed, this);
      super.dispose();
    }
  }

  /** See the DOM's EventListener. */
  override handleEvent(event: Event): void {
    const followsLink =
      event instanceof KeyboardEvent &&
      event.key === 'Enter' &&
      event.target instanceof HTMLAnchorElement;
    if (!followsLink) {
      super.handleEvent(event);
    }
  }

  /** A wrong code leaves the dialog open, for another one. */
  override resolve(index?: number): void {
    if ((index ?? FINISH) !== FINISH) {
      super.resolve(index);
    } else if (this._given.request.completes === 'code') {
      void this._tryCode();
    }
  }

  private async _tryCode(): Promise<void> {
    const { accounts, request } = this._given;
    if (this._form.code.trim() === '' || this._form.isBusy) {
      return;
    }
    this._form.begin();
    try {
      // That renews the login, which ends the dialog.
      await accounts.completeSignIn(request, this._form.code);
    } catch (reason) {
      this._form.fail(
        reason instanceof Error ? reason.message : String(reason)
      );
    }
  }

  /** The sign-in has ended well, wherever: there is nothing more to ask. */
  private _onRenewed(_: IAccounts, service: string): void {
    if (service === this._given.request.service) {
      this._isSignedIn = true;
      super.resolve(0);
    }
  }

  private readonly _given: ISignInDialogOptions;
  private readonly _form: SignInBody;
  private _isSignedIn = false;
}

class SignInBody extends ReactWidget {
  constructor(options: ISignInDialogOptions, trans: TranslationBundle) {
    super();
    this._options = options;
    this._trans = trans;
    this.addClass('jp-GlobusCompute-signIn');
  }

  /** What was pasted. */
  code = '';

  /** Whether a code is being tried. */
  get isBusy(): boolean {
    return this._isBusy;
  }

  /** A code is being tried. */
  begin(): void {
    this._isBusy = true;
    this._problem = null;
    this.update();
  }

  /** The code was refused. */
  fail(problem: string): void {
    this._isBusy = false;
    this._problem = problem;
    this.update();
  }

  protected override render(): ReactElement {
    const { request, hasPage } = this._options;
    return (
      <SignInForm
        request={request}
        hasPage={hasPage}
        isBusy={this._isBusy}
        problem={this._problem}
        trans={this._trans}
        onChange={code => {
          this.code = code;
          this._problem = null;
        }}
      />
    );
  }

  private readonly _options: ISignInDialogOptions;
  private readonly _trans: TranslationBundle;
  private _isBusy = false;
  private _problem: string | null = null;
}

interface ISignInFormProps {
  readonly request: ISignInRequest;
  readonly hasPage: boolean;
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly trans: TranslationBundle;
  readonly onChange: (code: string) => void;
}

function SignInForm(props: ISignInFormProps): ReactElement {
  const { request, hasPage, isBusy, problem, trans, onChange } = props;
  const inputId = useId();
  const problemId = useId();
  const takesCode = request.completes === 'code';
  return (
    <>
      <p>
        {hasPage
          ? trans.__('A page for signing in has opened.')
          : trans.__('The browser did not open the page for signing in.')}{' '}
        <a href={request.url} target="_blank" rel="noopener noreferrer">
          {hasPage
            ? trans.__('Open it again')
            : trans.__('Open the sign-in page')}
        </a>
      </p>
      {takesCode ? (
        <>
          <label htmlFor={inputId}>
            {trans.__('At its end it shows a code. Paste it here:')}
          </label>
          <input
            id={inputId}
            className="jp-mod-styled"
            type="text"
            autoComplete="off"
            spellCheck={false}
            readOnly={isBusy}
            aria-invalid={problem !== null}
            aria-describedby={problem === null ? undefined : problemId}
            onChange={event => {
              onChange(event.currentTarget.value);
            }}
          />
        </>
      ) : (
        <p role="status">
          {trans.__('This closes by itself when you have signed in there.')}
        </p>
      )}
      {isBusy && <p role="status">{trans.__('Signing in…')}</p>}
      {problem !== null && (
        <p id={problemId} className="jp-GlobusCompute-failure" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}
