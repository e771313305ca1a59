import { expect } from '@playwright/test';

import type { Gate } from '../gate';
import type { ICellText, NotebookPage } from '../notebook';
import { textOf } from '../notebook';
import type { Cloud, ISubmission } from './cloud';

/** A batch that waits for the gate, then gives the squares of its numbers. */
export function squares(
  gate: Gate,
  endpoint: string,
  name: string,
  count: number
): ICellText {
  return {
    id: name,
    source: [
      `%%compute -e ${endpoint} --name ${name}`,
      'def square(x):',
      gate.wait,
      '    return x * x',
      '',
      `values = [square(x) for x in range(${count})]`,
      'print(sum(values))'
    ].join('\n')
  };
}

/** What was submitted since; each call must have been once. */
export async function submittedSince(
  cloud: Cloud,
  before: number
): Promise<ISubmission[]> {
  const { submissions, unexpected } = await cloud.log();
  expect(unexpected).toEqual([]);
  const calls = submissions
    .slice(before)
    .flatMap(({ tasks }) =>
      tasks.map(task => `${task.function} ${task.payload}`)
    );
  expect(new Set(calls).size).toBe(calls.length);
  return submissions.slice(before);
}

export async function countSubmissions(cloud: Cloud): Promise<number> {
  return (await cloud.log()).submissions.length;
}

/** What a cell printed. */
export async function printedBy(
  notebook: NotebookPage,
  id: string
): Promise<string> {
  const outputs = await notebook.savedOutputs(id);
  return outputs
    .filter(output => output.output_type === 'stream')
    .map(textOf)
    .join('');
}
