import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useId } from 'react';

import type { IDiagnosis } from '../../model/diagnoses';
import type { IAccountInfo } from '../../tokens';

import { ConnectionCheck } from './connectionCheck';

/** What can be done with an account. */
export interface IAccountDeeds {
  /** Called while the press of a button is handled. */
  readonly onSignIn: (service?: string) => void;
  readonly onSignOut: (service: string) => void;
  readonly onCheck: (service: string) => void;
  /** Put text on the clipboard. */
  readonly onCopy: (text: string) => void;
}

/** Properties of {@link AccountDetails}. */
export interface IAccountDetailsProps extends IAccountDeeds {
  readonly account: IAccountInfo;
  /** What people call the service. */
  readonly label: string;
  readonly diagnosis: IDiagnosis | undefined;
  readonly trans: TranslationBundle;
}

/** As whom a service is used, by which login and why. */
export function AccountDetails(props: IAccountDetailsProps): ReactElement {
  const { account, label, diagnosis, trans } = props;
  const titleId = useId();
  return (
    <section
      className="jp-GlobusCompute-account"
      aria-labelledby={titleId}
      data-state={account.state}
    >
      <div className="jp-GlobusCompute-accountTitle">
        <b id={titleId}>{label}</b>
        <span className="jp-GlobusCompute-muted">
          {describeState(account, trans)}
        </span>
      </div>
      <AccountFacts account={account} trans={trans} />
      {account.why && <p>{account.why}</p>}
      <AccountActions {...props} />
      {diagnosis && (
        <ConnectionCheck
          diagnosis={diagnosis}
          label={label}
          trans={trans}
          onCopy={props.onCopy}
        />
      )}
    </section>
  );
}

function AccountFacts({
  account,
  trans
}: Pick<IAccountDetailsProps, 'account' | 'trans'>): ReactElement | null {
  const { username, identityId, method } = account;
  if (username === null && identityId === null && method === null) {
    return null;
  }
  return (
    <dl>
      {username !== null && (
        <div>
          <dt>{trans.__('Identity')}</dt>
          <dd title={identityId ?? undefined}>{username}</dd>
        </div>
      )}
      {username === null && identityId !== null && (
        <div>
          <dt>{trans.__('Identity')}</dt>
          <dd>
            <code>{identityId}</code>
          </dd>
        </div>
      )}
      {method !== null && (
        <div>
          <dt>{trans.__('Login')}</dt>
          <dd>{describeMethod(method, trans)}</dd>
        </div>
      )}
    </dl>
  );
}

function AccountActions(props: IAccountDetailsProps): ReactElement {
  const { account, diagnosis, trans } = props;
  const { service, state, canSignIn, canSignOut } = account;
  return (
    <div className="jp-GlobusCompute-rowActions">
      {canSignIn && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            props.onSignIn(service);
          }}
        >
          {state === 'signed-in'
            ? trans.__('Sign in as somebody else')
            : trans.__('Sign in')}
        </button>
      )}
      {canSignOut && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            props.onSignOut(service);
          }}
        >
          {trans.__('Sign out…')}
        </button>
      )}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        disabled={diagnosis?.isRunning}
        onClick={() => {
          props.onCheck(service);
        }}
      >
        {diagnosis?.isRunning
          ? trans.__('Checking…')
          : trans.__('Check connection')}
      </button>
    </div>
  );
}

/** Who is signed in, in few words. */
export function describeState(
  { state, name, username }: IAccountInfo,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'signed-in':
      return name ?? username ?? trans.__('signed in');
    case 'signed-out':
      return trans.__('not signed in');
    case 'not-needed':
      return trans.__('no account needed');
    case 'problem':
      return trans.__('login cannot be used');
  }
}

function describeMethod(
  method: NonNullable<IAccountInfo['method']>,
  trans: TranslationBundle
): string {
  switch (method) {
    case 'client-credentials':
      return trans.__('client credentials of the server');
    case 'hub':
      return trans.__('JupyterHub');
    case 'stored':
      return trans.__('stored by the Python SDK');
    case 'sign-in':
      return trans.__('made here');
    case 'configured':
      return trans.__('configured on the server');
    case 'extension':
      return trans.__('another extension');
  }
}
