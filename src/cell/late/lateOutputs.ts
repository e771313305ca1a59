import type { IMimeBundle, IOutput } from '@jupyterlab/nbformat';

import type { ITaskView } from '../../tokens';

/** Of how many tasks the values are shown one by one. */
const MAX_VALUES = 20;

/** A finished task with what it left. */
export interface ILateTask {
  /** The call in words. */
  readonly label: string;
  readonly view: ITaskView;
}

/**
 * What tasks left, as outputs below the card: what they printed, displayed
 * and drew, in task order, then their values. Failures are in the card.
 */
export function lateOutputs(tasks: readonly ILateTask[]): IOutput[] {
  const shown = tasks.flatMap(({ view }) => [
    ...streams(view),
    ...view.displays.map(display)
  ]);
  return [...shown, ...values(tasks)];
}

function streams({ stdout, stderr }: ITaskView): IOutput[] {
  return [
    { name: 'stdout', text: stdout },
    { name: 'stderr', text: stderr }
  ]
    .filter(({ text }) => text !== '')
    .map(({ name, text }) => ({ output_type: 'stream', name, text }));
}

/*
 * A single value stands alone, as that of a cell; several stand beside their
 * calls, for the cell's own last line did not run.
 */
function values(tasks: readonly ILateTask[]): IOutput[] {
  const found = tasks.filter(
    ({ view }) => !view.failure && Object.keys(view.value).length > 0
  );
  if (tasks.length === 1) {
    return found.map(({ view }) => display(view.value));
  }
  const lines = found
    .slice(0, MAX_VALUES)
    .map(({ label, view }) => `${label}: ${textOf(view.value)}`);
  if (found.length > MAX_VALUES) {
    lines.push(`… and ${found.length - MAX_VALUES} more`);
  }
  const pictures = found
    .slice(0, MAX_VALUES)
    .filter(({ view }) => isRich(view.value))
    .map(({ view }) => display(view.value));
  return lines.length > 0
    ? [display({ 'text/plain': lines.join('\n') }), ...pictures]
    : [];
}

function display(data: IMimeBundle): IOutput {
  return { output_type: 'display_data', data, metadata: {} };
}

function isRich(bundle: IMimeBundle): boolean {
  return Object.keys(bundle).some(type => type !== 'text/plain');
}

function textOf(bundle: IMimeBundle): string {
  const text = bundle['text/plain'];
  return Array.isArray(text)
    ? text.join('')
    : typeof text === 'string'
      ? text
      : '';
}
