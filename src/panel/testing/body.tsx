import type { ReactElement } from 'react';
import { act } from 'react';

import { englishBundle } from '../../model/format';
import type { FakeBatch } from '../../model/testing/fakeBatches';
import { CREATED_S, DIVISION, makeTask } from '../../model/testing/fakeBatches';
import { batchActions } from '../batches/batchActions';
import { BatchTreeRows } from '../batches/batchTreeRows';
import type { IBatchesBodyProps } from '../batches/batchesBody';
import { BatchesBody } from '../batches/batchesBody';
import { NO_FILTER } from '../batches/filter';
import { groupBatches } from '../batches/grouping';
import { batchOf as batch } from './batches';

function refuse(): never {
  throw new Error('Unexpected call.');
}

export const DIVIDE = batch({
  id: 'divide',
  title: 'divide',
  state: 'failed',
  tasks: [
    makeTask(0, { label: 'divide(4, 2)', line: 6 }),
    makeTask(1, {
      label: 'divide(1, 0)',
      line: 7,
      state: 'failed',
      failure: DIVISION
    })
  ]
});
export const AREA = batch({ id: 'area', created: CREATED_S - 3600 });

interface IList {
  readonly batches?: readonly FakeBatch[];
  readonly expanded?: readonly string[];
  readonly openTasks?: readonly string[];
  readonly closedGroups?: readonly string[];
}

export function body(
  props: Partial<IBatchesBodyProps> & IList = {}
): ReactElement {
  const trans = englishBundle();
  const { batches = [DIVIDE, AREA], grouping = 'none' } = props;
  const rows = new BatchTreeRows(groupBatches(batches, grouping, trans), {
    expanded: new Set(props.expanded),
    openTasks: new Set(props.openTasks),
    closedGroups: new Set(props.closedGroups)
  });
  const abilities = { canCancel: true, canRetry: true, canLoad: true };
  return (
    <BatchesBody
      rows={rows}
      totalCount={batches.length}
      hasFinished={true}
      hasMore={false}
      problem={null}
      forgotten={null}
      asksForTasks={false}
      services={[]}
      filter={NO_FILTER}
      grouping="none"
      endpoints={[]}
      now={CREATED_S + 12 * 60}
      trans={trans}
      actionsOf={batch => batchActions(batch, abilities, trans)}
      taskOf={(batch, index) => batch.tasks.at(index)}
      resultOf={() => undefined}
      onToggle={refuse}
      onAction={refuse}
      onMenu={refuse}
      onGoToCell={refuse}
      onCopy={refuse}
      onShowTasks={() => undefined}
      onFilter={refuse}
      onGrouping={refuse}
      onShowMore={refuse}
      onShowAll={refuse}
      onRefresh={refuse}
      onClearFinished={refuse}
      onAskForTasks={refuse}
      onFollow={refuse}
      onUndo={refuse}
      onDismiss={refuse}
      {...props}
    />
  );
}

export function items(node: HTMLElement): HTMLElement[] {
  return [...node.querySelectorAll<HTMLElement>('[role="treeitem"]')];
}

/** Press a key on what has the focus. */
export function press(key: string): void {
  act(() => {
    document.activeElement?.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })
    );
  });
}

export function focus(element: HTMLElement): void {
  act(() => {
    element.focus();
  });
}

export function focusedKey(): string | undefined {
  return document.activeElement instanceof HTMLElement
    ? document.activeElement.dataset.key
    : undefined;
}
