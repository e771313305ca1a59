import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import { formatDuration } from '../model/format';
import type { IBatchSnapshot } from '../tokens';

import type { ITimeSpan } from './timeline';
import { timeSpans } from './timeline';

/** Properties of {@link TimelineBar}. */
export interface ITimelineBarProps {
  readonly snapshot: IBatchSnapshot;
  /** Seconds since the epoch, of a batch that is followed. */
  readonly now?: number;
  readonly trans: TranslationBundle;
}

/**
 * Where the time of a batch went; nothing if its times are unknown.
 */
export function TimelineBar(props: ITimelineBarProps): ReactElement | null {
  const { snapshot, now, trans } = props;
  const spans = timeSpans(snapshot, now);
  const total = spans.reduce((sum, { seconds }) => sum + seconds, 0);
  if (total === 0) {
    return null;
  }
  return (
    <div className="jp-GlobusCompute-timeline" data-state={snapshot.state}>
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
            {span.isOpen
              ? describeOpenSpan(span, trans)
              : describeSpan(span, trans)}
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

/** What it is doing now, and for how long. */
function describeOpenSpan(span: ITimeSpan, trans: TranslationBundle): string {
  const duration = formatDuration(Math.floor(span.seconds), trans);
  switch (span.name) {
    case 'sent':
      return trans.__('sending for %1', duration);
    case 'waited':
      return trans.__('waiting for %1', duration);
    case 'ran':
      return trans.__('running for %1', duration);
  }
}
