import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { Fragment } from 'react';

/* How the worker writes a frame of the cell; its lines are the cell's. */
const CELL_FRAME = /^(\s*)(File "cell", line (\d+), in .*)$/;

/** Properties of {@link Traceback}. */
export interface ITracebackProps {
  /** The traceback, free of what could steer a terminal. */
  readonly text: string;
  readonly trans: TranslationBundle;
  /** Show a line of the cell; left out where there is no cell to go to. */
  readonly onGoToLine?: (line: number) => void;
}

/** A remote traceback; a press on a frame of the cell goes to its line. */
export function Traceback(props: ITracebackProps): ReactElement {
  const lines = props.text.split('\n');
  return (
    <>
      {lines.map((text, at) => (
        <Fragment key={at}>
          <TracebackLine {...props} text={text} />
          {at < lines.length - 1 ? '\n' : ''}
        </Fragment>
      ))}
    </>
  );
}

function TracebackLine(props: ITracebackProps): ReactElement {
  const { text, trans, onGoToLine } = props;
  const [, indent, frame, number] = CELL_FRAME.exec(text) ?? [];
  const line = Number(number);
  return onGoToLine && line > 0 ? (
    <>
      {indent}
      <button
        type="button"
        className="jp-GlobusCompute-link"
        title={trans.__('Go to line %1 of the cell', line)}
        onClick={() => {
          onGoToLine(line);
        }}
      >
        {frame}
      </button>
    </>
  ) : (
    <>{text}</>
  );
}
