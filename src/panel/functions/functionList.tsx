import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { useEffect, useRef } from 'react';

import { formatAge, formatCount, shortId } from '../../model/format';
import type { IFunctionInfo } from '../../tokens';

/** What the list of functions lets a person do. */
export interface IFunctionDeeds {
  /** Put a cell that calls it below the active one. */
  readonly onInsert: (info: IFunctionInfo) => void;
  /** Delete it, once the person has confirmed that. */
  readonly onDelete: (info: IFunctionInfo) => void;
  readonly onCopy: (text: string) => void;
  /** Draw source text with the colours of code. */
  readonly onHighlight: (source: string, host: HTMLElement) => void;
}

/** Properties of {@link FunctionList}. */
export interface IFunctionListProps extends IFunctionDeeds {
  readonly functions: readonly IFunctionInfo[];
  /** Ids of the functions of which more is shown. */
  readonly expanded: ReadonlySet<string>;
  /** Why a function could not be read or deleted, in words. */
  readonly problem: string | null;
  /** What the group is called that a function is shared with, if any. */
  readonly groupOf: (info: IFunctionInfo) => string | undefined;
  /** Seconds since the epoch, for ages. */
  readonly now: number;
  readonly trans: TranslationBundle;
  readonly onToggle: (id: string) => void;
}

/** The functions that were registered or used here. */
export function FunctionList(props: IFunctionListProps): ReactElement {
  const { functions, expanded, problem, trans } = props;
  return (
    <>
      {problem !== null && (
        <div className="jp-GlobusCompute-failure" role="alert">
          {problem}
        </div>
      )}
      {functions.length === 0 ? (
        <p className="jp-GlobusCompute-empty">
          {trans.__('No functions yet. Running a cell registers its function.')}
        </p>
      ) : (
        <ul
          className="jp-GlobusCompute-list"
          aria-label={trans.__('Functions')}
        >
          {functions.map(info => (
            <FunctionRow
              key={`${info.service} ${info.id}`}
              {...props}
              info={info}
              isExpanded={expanded.has(info.id)}
            />
          ))}
        </ul>
      )}
    </>
  );
}

interface IFunctionRowProps extends IFunctionListProps {
  readonly info: IFunctionInfo;
  readonly isExpanded: boolean;
}

function FunctionRow(props: IFunctionRowProps): ReactElement {
  const { info, isExpanded, now, trans, groupOf, onToggle } = props;
  const meta = [
    shortId(info.id),
    describeSharing(info, groupOf(info), trans),
    info.batches.length > 0 &&
      trans._n(
        'in %2 batch',
        'in %2 batches',
        info.batches.length,
        formatCount(info.batches.length)
      )
  ];
  return (
    <li className="jp-GlobusCompute-listItem" data-open={isExpanded}>
      <button
        type="button"
        className="jp-GlobusCompute-row jp-mod-plain"
        aria-expanded={isExpanded}
        onClick={() => {
          onToggle(info.id);
        }}
      >
        <span className="jp-GlobusCompute-rowTitle">{info.name}</span>
        <span className="jp-GlobusCompute-muted">
          {formatAge(now - info.used, trans)}
        </span>
        <span className="jp-GlobusCompute-rowMeta">
          {meta.filter(Boolean).join(' · ')}
        </span>
      </button>
      {isExpanded && <FunctionDetails {...props} />}
    </li>
  );
}

function FunctionDetails(props: IFunctionRowProps): ReactElement {
  const { info, trans, groupOf, onInsert, onDelete, onCopy } = props;
  const group = groupOf(info);
  return (
    <div className="jp-GlobusCompute-details">
      {info.description && <p>{info.description}</p>}
      {group && (
        <p title={info.group}>{trans.__('Shared with the group %1', group)}</p>
      )}
      {info.source === null ? (
        <p className="jp-GlobusCompute-muted">
          {trans.__('Its source is not known as text.')}
        </p>
      ) : (
        <Source {...props} source={info.source} />
      )}
      <div className="jp-GlobusCompute-rowActions">
        <button
          type="button"
          className="jp-GlobusCompute-link"
          title={trans.__('Insert a cell below that calls this function')}
          onClick={() => {
            onInsert(info);
          }}
        >
          {trans.__('Insert cell')}
        </button>
        <button
          type="button"
          className="jp-GlobusCompute-link"
          title={info.id}
          onClick={() => {
            onCopy(info.id);
          }}
        >
          {trans.__('Copy id')}
        </button>
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            onDelete(info);
          }}
        >
          {trans.__('Delete…')}
        </button>
      </div>
    </div>
  );
}

interface ISourceProps extends IFunctionRowProps {
  readonly source: string;
}

/** Source text; plain until, and where, it is not coloured. */
function Source({ source, trans, onHighlight }: ISourceProps): ReactElement {
  const host = useRef<HTMLPreElement>(null);
  useEffect(() => {
    const node = host.current;
    if (node) {
      node.textContent = source;
      onHighlight(source, node);
    }
    // The host of the colours stays the same while the text does.
  }, [source]);
  return (
    <pre
      ref={host}
      className="jp-GlobusCompute-code"
      tabIndex={0}
      role="region"
      aria-label={trans.__('Source')}
    />
  );
}

function describeSharing(
  { isPublic, group: id }: IFunctionInfo,
  group: string | undefined,
  trans: TranslationBundle
): string {
  if (isPublic) {
    return trans.__('public');
  }
  if (group === undefined) {
    return '';
  }
  return group === id
    ? trans.__('shared with a group')
    : trans.__('shared with %1', group);
}
