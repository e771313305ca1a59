import type { TranslationBundle } from '@jupyterlab/translation';
import type { FocusEvent, KeyboardEvent, ReactElement } from 'react';
import { useState } from 'react';

import type { IBatch } from '../tokens';

import { BatchRow } from './batchRow';
import type { TreeAction } from './treeKeys';
import { itemOf, treeAction } from './treeKeys';

/** Properties of {@link BatchTree}. */
export interface IBatchTreeProps {
  /** The batches to draw, in order. */
  readonly batches: readonly IBatch[];
  /** Ids of the batches whose tasks are listed. */
  readonly expanded: ReadonlySet<string>;
  /** Seconds since the epoch, for ages. */
  readonly now: number;
  readonly trans: TranslationBundle;
  readonly onToggle: (id: string) => void;
  /** Show the cell, and its line, counted from 1, if given. */
  readonly onGoToCell: (batch: IBatch, line?: number) => void;
}

/**
 * Batches and their tasks as a tree. Arrow keys move and open, Space opens and
 * closes, Enter goes to the cell.
 */
export function BatchTree(props: IBatchTreeProps): ReactElement {
  const { batches, expanded, trans } = props;
  const [focusedKey, setFocusedKey] = useState<string>();
  // A batch that left the list takes the focus of its tasks along.
  const activeKey = batches.some(batch => isWithin(focusedKey, batch))
    ? focusedKey
    : undefined;
  return (
    <ul
      className="jp-GlobusCompute-tree"
      role="tree"
      aria-label={trans.__('Batches')}
      onFocus={event => {
        setFocusedKey(keyOf(event));
      }}
      onKeyDown={event => {
        onKeyDown(event, props);
      }}
    >
      {batches.map((batch, position) => (
        <BatchRow
          key={batch.id}
          batch={batch}
          isExpanded={expanded.has(batch.id)}
          isTabStop={isTabStop(batch, position, activeKey, expanded)}
          activeKey={activeKey}
          now={props.now}
          trans={trans}
          onToggle={props.onToggle}
          onGoToCell={props.onGoToCell}
        />
      ))}
    </ul>
  );
}

function keyOf(event: FocusEvent): string | undefined {
  return itemOf(event.target)?.dataset.key;
}

function isWithin(key: string | undefined, batch: IBatch): boolean {
  return key === batch.id || (key?.startsWith(`${batch.id}#`) ?? false);
}

/** Without an active item Tab leads to the first batch. */
function isTabStop(
  batch: IBatch,
  position: number,
  activeKey: string | undefined,
  expanded: ReadonlySet<string>
): boolean {
  if (activeKey === undefined) {
    return position === 0;
  }
  return (
    activeKey === batch.id ||
    // The active task went away when its batch was closed.
    (isWithin(activeKey, batch) && !expanded.has(batch.id))
  );
}

function onKeyDown(event: KeyboardEvent, props: IBatchTreeProps): void {
  const { currentTarget, target } = event;
  const item = itemOf(target);
  // Keys on a button inside an item are the button's.
  if (!item || item !== target || event.ctrlKey || event.metaKey) {
    return;
  }
  const action =
    currentTarget instanceof HTMLElement
      ? treeAction(currentTarget, item, event.key)
      : null;
  if (action) {
    event.preventDefault();
    event.stopPropagation();
    perform(action, item, props);
  }
}

function perform(
  action: TreeAction,
  item: HTMLElement,
  props: IBatchTreeProps
): void {
  const batch = props.batches.find(({ id }) => id === item.dataset.batch);
  switch (action.kind) {
    case 'focus':
      action.item.focus();
      break;
    case 'press':
      item.click();
      break;
    case 'toggle':
      if (batch) {
        props.onToggle(batch.id);
      }
      break;
    case 'open':
      if (batch) {
        const line = item.dataset.line;
        props.onGoToCell(batch, line === undefined ? undefined : Number(line));
      }
      break;
  }
}
