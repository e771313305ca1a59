import type { ReactElement } from 'react';

import type { TaskPhase } from '../../model/format';
import type { BatchState } from '../../tokens';

/** Properties of {@link StateIcon}. */
export interface IStateIconProps {
  /** State of a batch or phase of a task; chooses the drawing. */
  readonly state: BatchState | TaskPhase;
  /** The state in words. */
  readonly label: string;
}

/**
 * The sign of a state: every state has a shape of its own, drawn by
 * `style/base.css`, so that it does not depend on colour.
 */
export function StateIcon({ state, label }: IStateIconProps): ReactElement {
  return (
    <span
      className="jp-GlobusCompute-stateIcon"
      data-state={state}
      role="img"
      aria-label={label}
      title={label}
    />
  );
}
