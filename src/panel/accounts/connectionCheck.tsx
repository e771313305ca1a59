import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { IDiagnosis } from '../../model/diagnoses';
import { formatDuration } from '../../model/format';
import type { ICheckStep } from '../../tokens';

/** Properties of {@link ConnectionCheck}. */
export interface IConnectionCheckProps {
  readonly diagnosis: IDiagnosis;
  /** What people call the service. */
  readonly label: string;
  readonly trans: TranslationBundle;
  /** Put text on the clipboard. */
  readonly onCopy: (text: string) => void;
}

/** How far requests get, step by step, and what to do. */
export function ConnectionCheck(props: IConnectionCheckProps): ReactElement {
  const { diagnosis, label, trans, onCopy } = props;
  const { isRunning, steps, problem } = diagnosis;
  return (
    <div className="jp-GlobusCompute-check">
      <div role="status">
        {isRunning
          ? trans.__('Checking the connection…')
          : problem === null && summarize(steps, trans)}
      </div>
      {problem !== null && (
        <div className="jp-GlobusCompute-failure" role="alert">
          {problem}
        </div>
      )}
      {steps.length > 0 && (
        <>
          <ol aria-label={trans.__('Steps of the check')}>
            {steps.map((step, index) => (
              <CheckStep key={index} step={step} trans={trans} />
            ))}
          </ol>
          <button
            type="button"
            className="jp-GlobusCompute-link"
            onClick={() => {
              onCopy(toPlainText(label, steps, trans));
            }}
          >
            {trans.__('Copy as text')}
          </button>
        </>
      )}
    </div>
  );
}

interface ICheckStepProps {
  readonly step: ICheckStep;
  readonly trans: TranslationBundle;
}

function CheckStep({ step, trans }: ICheckStepProps): ReactElement {
  const { name, state, text, advice, durationMs } = step;
  return (
    <li data-state={state}>
      <span className="jp-GlobusCompute-checkSign" aria-hidden="true">
        {SIGNS[state]}
      </span>
      <span>
        <b>{describeStep(name, trans)}</b>{' '}
        <span className="jp-GlobusCompute-muted">
          {describeOutcome(state, trans)}
          {state !== 'skipped' &&
            ` · ${formatDuration(durationMs / 1000, trans)}`}
        </span>
        <br />
        {text}
        {advice !== null && (
          <>
            {' '}
            <em>{advice}</em>
          </>
        )}
      </span>
    </li>
  );
}

/** A diagnosis for a mail or an issue; it holds what is shown, and no more. */
function toPlainText(
  label: string,
  steps: readonly ICheckStep[],
  trans: TranslationBundle
): string {
  const lines = steps.map(({ name, state, text, advice, durationMs }) =>
    [
      `${SIGNS[state]} ${describeStep(name, trans)} (${describeOutcome(state, trans)}, ${Math.round(durationMs)} ms): ${text}`,
      advice === null ? [] : `  ${advice}`
    ].flat()
  );
  return [trans.__('Connection to %1', label), ...lines.flat()].join('\n');
}

/** A shape for each outcome, beside its word. */
const SIGNS: Readonly<Record<ICheckStep['state'], string>> = {
  ok: '✓',
  failed: '✗',
  skipped: '–'
};

function summarize(
  steps: readonly ICheckStep[],
  trans: TranslationBundle
): string {
  const failed = steps.find(({ state }) => state === 'failed');
  return failed
    ? trans.__('The check failed: %1.', describeStep(failed.name, trans))
    : trans.__('The connection works.');
}

function describeOutcome(
  state: ICheckStep['state'],
  trans: TranslationBundle
): string {
  switch (state) {
    case 'ok':
      return trans.__('works');
    case 'failed':
      return trans.__('failed');
    case 'skipped':
      return trans.__('skipped');
  }
}

function describeStep(name: string, trans: TranslationBundle): string {
  switch (name) {
    case 'name':
      return trans.__('Address');
    case 'tls':
      return trans.__('Encryption');
    case 'api':
      return trans.__('Service');
    case 'version':
      return trans.__('Versions');
    case 'token':
      return trans.__('Login');
    case 'endpoint':
      return trans.__('Endpoint');
    case 'task':
      return trans.__('Sample task');
    default:
      return name;
  }
}
