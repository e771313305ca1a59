import type { TranslationBundle } from '@jupyterlab/translation';
import { caretDownEmptyThinIcon } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import type { IAccountInfo } from '../../tokens';

import type { IAccountDeeds } from './accountDetails';
import { AccountDetails, describeState } from './accountDetails';
import type { AccountsModel } from './accountsModel';

/** Properties of {@link AccountButtons} and {@link AccountArea}. */
export interface IAccountHeadProps {
  readonly model: AccountsModel;
  readonly deeds: IAccountDeeds;
  readonly trans: TranslationBundle;
  /** Id of the element that holds more of the accounts. */
  readonly areaId: string;
}

/** Who is signed in, or the button that signs in; and what shows more. */
export function AccountButtons(props: IAccountHeadProps): ReactElement | null {
  const { model, deeds, trans, areaId } = props;
  const { main } = model;
  if (!main) {
    return null;
  }
  const isSignedIn = main.state === 'signed-in';
  return (
    <>
      {!isSignedIn && model.needed.some(({ canSignIn }) => canSignIn) && (
        <button
          type="button"
          className="jp-GlobusCompute-button"
          onClick={() => {
            deeds.onSignIn();
          }}
        >
          {trans.__('Sign in')}
        </button>
      )}
      <button
        type="button"
        className="jp-GlobusCompute-accountToggle"
        aria-expanded={model.isOpen}
        aria-controls={areaId}
        aria-label={
          isSignedIn
            ? trans.__('Account: %1', describeState(main, trans))
            : trans.__('Accounts')
        }
        title={main.username ?? trans.__('Accounts')}
        onClick={() => {
          model.toggle();
        }}
      >
        {isSignedIn && <span>{describeState(main, trans)}</span>}
        <caretDownEmptyThinIcon.react tag="span" elementSize="small" />
      </button>
    </>
  );
}

/** What is wrong with logins, and more of the accounts if that is wanted. */
export function AccountArea(props: IAccountHeadProps): ReactElement {
  const { model, deeds, trans, areaId } = props;
  const { items, problem, isOpen } = model;
  const broken = items.filter(account => account.problem !== null);
  return (
    <>
      {broken.map(account => (
        <AccountProblem
          key={account.service}
          account={account}
          label={model.labelOf(account.service)}
          deeds={deeds}
          trans={trans}
        />
      ))}
      <div id={areaId} hidden={!isOpen}>
        {isOpen && problem !== null && (
          <div className="jp-GlobusCompute-failure" role="alert">
            {problem}{' '}
            <button
              type="button"
              className="jp-GlobusCompute-link"
              onClick={() => void model.refresh()}
            >
              {trans.__('Try again')}
            </button>
          </div>
        )}
        {isOpen &&
          items.map(account => (
            <AccountDetails
              key={account.service}
              {...deeds}
              account={account}
              label={model.labelOf(account.service)}
              diagnosis={model.diagnosisOf(account.service)}
              trans={trans}
            />
          ))}
      </div>
    </>
  );
}

interface IAccountProblemProps {
  readonly account: IAccountInfo;
  readonly label: string;
  readonly deeds: IAccountDeeds;
  readonly trans: TranslationBundle;
}

/** What waits for a login is not to be looked for in the details. */
function AccountProblem(props: IAccountProblemProps): ReactElement {
  const { account, label, deeds, trans } = props;
  return (
    <div className="jp-GlobusCompute-failure" role="alert">
      <b>{label}</b> {account.problem}{' '}
      {account.canSignIn && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            deeds.onSignIn(account.service);
          }}
        >
          {trans.__('Sign in again')}
        </button>
      )}
    </div>
  );
}
