import type { TranslationBundle } from '@jupyterlab/translation';

import type { ITaskFailure } from '../tokens';

import { KNOWN_FAILURES } from './knownFailures';

/** What is known of where a task failed. */
export interface IAdviceContext {
  /** What people call the endpoint. */
  readonly endpoint: string;
  /** Python version of the workers, where known. */
  readonly pythonVersion?: string;
  readonly trans: TranslationBundle;
}

/* A message longer than this is not searched: it is no message. */
const MAX_TEXT_LENGTH = 2000;

/**
 * What a person can do about a failure, in plain words.
 *
 * @param failure - The failure; its texts come from outside.
 * @returns `null` for one that speaks for itself.
 */
export function adviseOn(
  failure: ITaskFailure,
  { endpoint, pythonVersion, trans }: IAdviceContext
): string | null {
  const type = failure.type.split('.').at(-1) ?? '';
  const text = `${failure.message}\n${failure.traceback}`.slice(
    -MAX_TEXT_LENGTH
  );
  for (const known of KNOWN_FAILURES) {
    if (known.types && !known.types.includes(type)) {
      continue;
    }
    const pattern = new RegExp(known.text ?? '^', known.ignoreCase ? 'i' : '');
    const match = pattern.exec(text);
    if (match) {
      const words =
        pythonVersion === undefined ? undefined : known.adviceWithVersion;
      const advice = words ?? known.advice;
      const values = [endpoint, match.at(1) ?? '', pythonVersion ?? ''];
      // Read by Python too, so the words are in failures.json, not here.
      // eslint-disable-next-line jupyter/no-dynamic-translation
      return trans.__(advice, ...values);
    }
  }
  return null;
}
