import type { ReactElement } from 'react';

import { formatCount } from '../../model/format';

import type { IBatchGroup } from './grouping';

/** Properties of {@link GroupRow}. */
export interface IGroupRowProps {
  readonly group: IBatchGroup;
  readonly isExpanded: boolean;
}

/** The first line of a group of batches. */
export function GroupRow({ group, isExpanded }: IGroupRowProps): ReactElement {
  return (
    <div className="jp-GlobusCompute-groupRow" title={group.title}>
      <span
        className="jp-GlobusCompute-twist"
        data-open={isExpanded}
        aria-hidden="true"
      />
      <span className="jp-GlobusCompute-groupLabel">{group.label}</span>
      <span className="jp-GlobusCompute-muted">
        {formatCount(group.batches.length)}
      </span>
    </div>
  );
}
