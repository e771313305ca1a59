import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect } from '@jupyterlab/ui-components';
import type { FormEvent, ReactElement } from 'react';
import { useEffect, useState } from 'react';

import type { IOverviewQuery } from '../model/classes/classOverviews';

/** Lets a person choose something in the server's files. */
export type Choose = () => Promise<string | null>;

/** Properties of {@link OverviewForm}. */
export interface IOverviewFormProps {
  /** What is shown now. */
  readonly query: IOverviewQuery;
  /** The assignments that were found in the folder. */
  readonly assignments: readonly string[];
  /** That of them which is shown. */
  readonly assignment: string;
  readonly trans: TranslationBundle;
  readonly onShow: (query: IOverviewQuery) => void;
  readonly chooseFolder: Choose;
  readonly chooseNotebook: Choose;
}

/** Which notebooks are looked at. */
export function OverviewForm(props: IOverviewFormProps): ReactElement {
  const { query, assignments, assignment, trans, onShow } = props;
  const [folder, setFolder] = useState(query.folder);
  const [release, setRelease] = useState(query.release);
  // What comes from elsewhere replaces what was typed.
  useEffect(() => {
    setFolder(query.folder);
    setRelease(query.release);
  }, [query.folder, query.release]);
  const show = (changes: Partial<IOverviewQuery>): void => {
    const asked = { folder, release, ...changes };
    // What was an assignment there is none here.
    const isSame = asked.folder === query.folder;
    onShow({ assignment: isSame ? query.assignment : '', ...asked });
  };
  return (
    <form
      className="jp-GlobusCompute-overviewForm"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        show({});
      }}
    >
      <PathField
        label={trans.__('Folder of the notebooks')}
        placeholder={trans.__('the top folder')}
        value={folder}
        trans={trans}
        onChange={setFolder}
        onChoose={props.chooseFolder}
      />
      <PathField
        label={trans.__('Notebook that was handed out')}
        placeholder={trans.__('not needed')}
        value={release}
        trans={trans}
        onChange={setRelease}
        onChoose={props.chooseNotebook}
      />
      {assignments.length > 1 && (
        <label>
          {trans.__('Assignment')}
          <HTMLSelect
            className="jp-GlobusCompute-select"
            value={assignment}
            options={[...assignments]}
            onChange={event => {
              show({ assignment: event.target.value });
            }}
          />
        </label>
      )}
      <button type="submit" className="jp-Button jp-mod-styled jp-mod-accept">
        {trans.__('Show')}
      </button>
    </form>
  );
}

interface IPathFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly trans: TranslationBundle;
  readonly onChange: (path: string) => void;
  readonly onChoose: Choose;
}

function PathField(props: IPathFieldProps): ReactElement {
  const { label, placeholder, value, trans, onChange, onChoose } = props;
  return (
    <label>
      {label}
      <span className="jp-GlobusCompute-overviewPath">
        <input
          type="text"
          className="jp-mod-styled"
          aria-label={label}
          value={value}
          placeholder={placeholder}
          spellCheck={false}
          onChange={event => {
            onChange(event.target.value);
          }}
        />
        <button
          type="button"
          className="jp-Button jp-mod-styled"
          aria-label={trans.__('Choose: %1', label)}
          onClick={() => {
            void onChoose().then(path => {
              if (path !== null) {
                onChange(path);
              }
            });
          }}
        >
          {trans.__('Choose…')}
        </button>
      </span>
    </label>
  );
}
