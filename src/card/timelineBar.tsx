import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { formatDuration, phaseOf } from '../model/format';
import type { ITaskSnapshot } from '../tokens';

import type { ITimeSpan } from './timeline';
import { timeSpans } from './timeline';

/** Properties of {@link TimelineBar}. */
export interface ITimelineBarProps {
  /** When the cell was run, seconds since the epoch. */
  readonly created: number;
  readonly task: ITaskSnapshot;
  readonly trans: TranslationBundle;
}

/**
 * Where the time of a single task went; nothing if its times are unknown.
 */
export function TimelineBar(props: ITimelineBarProps): ReactElement | null {
  const { created, task, trans } = props;
  const spans = timeSpans(created, task);
  const total = spans.reduce((sum, { seconds }) => sum + seconds, 0);
  if (total === 0) {
    return null;
  }
  return (
    <div className="jp-GlobusCompute-timeline" data-phase={phaseOf(task.state)}>
      <div className="jp-GlobusCompute-meter" aria-hidden="true">
        {spans.map(({ name, seconds }) => (
          <span
            key={name}
            data-span={name}
            style={{ flexGrow: seconds / total }}
          />
        ))}
      </div>
      <ul className="jp-GlobusCompute-legend">
        {spans.map(span => (
          <li key={span.name}>
            <span className="jp-GlobusCompute-square" data-span={span.name} />
            {describeSpan(span, trans)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function describeSpan(span: ITimeSpan, trans: TranslationBundle): string {
  const duration = formatDuration(span.seconds, trans);
  switch (span.name) {
    case 'sent':
      return trans.__('sent %1', duration);
    case 'waited':
      return trans.__('waited %1', duration);
    case 'ran':
      return trans.__('ran %1', duration);
  }
}
