import { Dialog } from '@jupyterlab/apputils';
import type { ITranslator, TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { TRANSLATION_DOMAIN } from '../../model/format';
import type { IReadinessFinding } from '../../tokens';

/** Show what is missing to run a notebook, and what to do. */
export async function showReadiness(
  findings: readonly IReadinessFinding[],
  translator: ITranslator
): Promise<void> {
  const trans = translator.load(TRANSLATION_DOMAIN);
  await new Dialog({
    title: trans.__('Readiness'),
    body: new ReadinessBody(findings, trans),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  }).launch();
}

/** What was found, a line each. */
export function ReadinessList({
  findings,
  trans
}: {
  readonly findings: readonly IReadinessFinding[];
  readonly trans: TranslationBundle;
}): ReactElement {
  const problems = findings.filter(({ state }) => state === 'problem').length;
  return (
    <>
      <p>
        {problems === 0
          ? trans.__('Nothing is missing. Nothing was run.')
          : trans._n(
              'One thing is to be put right. Nothing was run.',
              '%1 things are to be put right. Nothing was run.',
              problems
            )}
      </p>
      <ul className="jp-GlobusCompute-readiness">
        {findings.map(({ about, state, text, advice }) => (
          <li key={about} data-state={state}>
            <span className="jp-GlobusCompute-readinessSign">
              <span aria-hidden="true">{SIGNS[state]}</span>
              <span className="jp-GlobusCompute-visuallyHidden">
                {describe(state, trans)}
              </span>
            </span>
            <span>
              {text}
              {advice && (
                <span className="jp-GlobusCompute-readinessAdvice">
                  {advice}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const SIGNS = { ok: '✓', problem: '✗', unknown: '?' };

function describe(
  state: IReadinessFinding['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'ok':
      return trans.__('In order:');
    case 'problem':
      return trans.__('To be put right:');
    case 'unknown':
      return trans.__('Not known:');
  }
}

class ReadinessBody extends ReactWidget {
  constructor(
    private readonly _findings: readonly IReadinessFinding[],
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-GlobusCompute-classDialog');
  }

  protected override render(): ReactElement {
    return <ReadinessList findings={this._findings} trans={this._trans} />;
  }
}
