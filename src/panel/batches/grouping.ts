import type { TranslationBundle } from '@jupyterlab/translation';

import { describeState } from '../../model/format';
import type { BatchState, IBatch } from '../../tokens';

/** By what the list of batches is divided. */
export type Grouping = 'none' | 'notebook' | 'endpoint' | 'state';

/** The groupings in the order in which they are offered. */
export const GROUPINGS: readonly Grouping[] = [
  'none',
  'notebook',
  'endpoint',
  'state'
];

/** Batches that have something in common. */
export interface IBatchGroup {
  /** Tells it apart from other groups, and from batches. */
  readonly key: string;
  /** What they have in common; `null` if the list is not divided. */
  readonly label: string | null;
  /** More about it, for a tooltip. */
  readonly title: string;
  readonly batches: readonly IBatch[];
}

/** States in the order in which a person wants to see them. */
const STATE_ORDER: readonly BatchState[] = [
  'sending',
  'running',
  'waiting',
  'failed',
  'problem',
  'done'
];

/**
 * Divide batches into groups, in the order of the newest batch of each; by
 * state in the order in which they need a person.
 *
 * @param batches - The batches, newest first.
 * @param grouping - By what.
 * @param trans - Words to use.
 */
export function groupBatches(
  batches: readonly IBatch[],
  grouping: Grouping,
  trans: TranslationBundle
): IBatchGroup[] {
  if (grouping === 'none') {
    return [{ key: 'group:', label: null, title: '', batches }];
  }
  const groups = new Map<string, IBatch[]>();
  for (const batch of batches) {
    const value = valueOf(batch, grouping);
    const group = groups.get(value);
    if (group) {
      group.push(batch);
    } else {
      groups.set(value, [batch]);
    }
  }
  const entries = [...groups.entries()];
  if (grouping === 'state') {
    entries.sort(
      ([, [a]], [, [b]]) =>
        STATE_ORDER.indexOf(a.state) - STATE_ORDER.indexOf(b.state)
    );
  }
  return entries.map(([value, members]) => ({
    key: `group:${grouping}:${value}`,
    ...describeGroup(members[0], grouping, trans),
    batches: members
  }));
}

function valueOf(batch: IBatch, grouping: Exclude<Grouping, 'none'>): string {
  switch (grouping) {
    case 'notebook':
      return batch.notebookPath;
    case 'endpoint':
      return `${batch.service} ${batch.endpoint.id}`;
    case 'state':
      return batch.state;
  }
}

function describeGroup(
  batch: IBatch,
  grouping: Exclude<Grouping, 'none'>,
  trans: TranslationBundle
): { readonly label: string; readonly title: string } {
  switch (grouping) {
    case 'notebook': {
      const name = batch.notebookPath.split('/').pop() ?? '';
      return {
        label: name || trans.__('No notebook'),
        title: batch.notebookPath
      };
    }
    case 'endpoint':
      return { label: batch.endpoint.name, title: batch.endpoint.id };
    case 'state': {
      const label = describeState(batch.state, trans);
      return { label, title: label };
    }
  }
}
