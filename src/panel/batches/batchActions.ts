import type { TranslationBundle } from '@jupyterlab/translation';

import { isActive } from '../../model/format';
import type { IBatch } from '../../tokens';

/** Something a person can do with a batch. */
export interface IBatchAction {
  readonly id: BatchActionId;
  readonly label: string;
  /** Whether it is offered in the row itself, not in its menu alone. */
  readonly isInline: boolean;
}

/** What can be done with a batch. */
export type BatchActionId =
  'go-to-cell' | 'retry' | 'cancel' | 'load' | 'copy-ids' | 'export' | 'forget';

/** What a service and this JupyterLab can do with a batch. */
export interface IBatchAbilities {
  /** Whether the service can cancel tasks. */
  readonly canCancel: boolean;
  /** Whether the failed tasks can be submitted again. */
  readonly canRetry: boolean;
  /** Whether its values can be loaded into a variable of a notebook. */
  readonly canLoad: boolean;
}

/**
 * What can be done with a batch now, in the order in which it is offered.
 *
 * @param batch - The batch.
 * @param abilities - What its service and this JupyterLab can do.
 * @param trans - Words to use.
 */
export function batchActions(
  batch: IBatch,
  abilities: IBatchAbilities,
  trans: TranslationBundle
): IBatchAction[] {
  const active = isActive(batch.state);
  const action = (
    id: BatchActionId,
    label: string,
    applies: boolean,
    isInline = false
  ): IBatchAction[] => (applies ? [{ id, label, isInline }] : []);
  return [
    ...action(
      'go-to-cell',
      trans.__('Go to cell'),
      batch.notebookPath !== '' && batch.cellId !== '',
      true
    ),
    ...action(
      'retry',
      trans.__('Run failed again'),
      abilities.canRetry && !active && batch.counts.failed > 0,
      true
    ),
    ...action(
      'cancel',
      trans.__('Cancel'),
      abilities.canCancel && active,
      true
    ),
    ...action(
      'load',
      trans.__('Load into variable…'),
      abilities.canLoad && !active && batch.counts.done > 0
    ),
    ...action(
      'copy-ids',
      trans.__('Copy task ids'),
      batch.counts.total > 0 && batch.state !== 'problem'
    ),
    ...action(
      'export',
      trans.__('Export as JSON lines'),
      batch.state !== 'sending' && batch.state !== 'problem'
    ),
    ...action('forget', trans.__('Forget'), !active)
  ];
}
