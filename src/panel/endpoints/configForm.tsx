import type { ITranslator } from '@jupyterlab/translation';
import {
  FormComponent,
  HTMLSelect,
  InputGroup
} from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { ReactElement } from 'react';
import { useMemo, useState } from 'react';

import { TRANSLATION_DOMAIN } from '../../model/format';

import { createFormValidator } from './formValidator';

/** Properties of {@link ConfigForm}. */
export interface IConfigFormProps {
  /** The endpoint's own JSON schema. */
  readonly schema: Readonly<Record<string, unknown>>;
  /** Saved configurations, by name. */
  readonly presets: ReadonlyMap<string, ReadonlyJSONObject>;
  readonly canSave: boolean;
  readonly translator: ITranslator;
  /** Is given each change of what is filled in. */
  readonly onChange: (config: ReadonlyJSONObject) => void;
  readonly onSave: (name: string, config: ReadonlyJSONObject) => void;
  readonly onDelete: (name: string) => void;
}

/** A form made from an endpoint's own schema, and what was saved of it. */
export function ConfigForm(props: IConfigFormProps): ReactElement {
  const { schema, translator, onChange } = props;
  const trans = translator.load(TRANSLATION_DOMAIN);
  const validator = useMemo(() => createFormValidator(trans), [trans]);
  const [config, setConfig] = useState<ReadonlyJSONObject>({});
  const change = (next: ReadonlyJSONObject): void => {
    setConfig(next);
    onChange(next);
  };
  return (
    <div className="jp-GlobusCompute-config">
      <PresetRow {...props} config={config} onChoose={change} />
      <FormComponent
        schema={schema}
        formData={config}
        validator={validator}
        translator={translator}
        liveValidate={true}
        showErrorList={false}
        idPrefix="jp-GlobusCompute-config"
        onChange={({ formData }) => {
          change(formData ?? {});
        }}
      />
    </div>
  );
}

interface IPresetRowProps extends IConfigFormProps {
  readonly config: ReadonlyJSONObject;
  readonly onChoose: (config: ReadonlyJSONObject) => void;
}

/** Chooses, saves and deletes presets. */
function PresetRow(props: IPresetRowProps): ReactElement | null {
  const { presets, config, translator, onChoose, onSave, onDelete } = props;
  const trans = translator.load(TRANSLATION_DOMAIN);
  const [name, setName] = useState('');
  const chosen = presets.get(name);
  return props.canSave ? (
    <div className="jp-GlobusCompute-filter">
      {presets.size > 0 && (
        <HTMLSelect
          className="jp-GlobusCompute-select"
          value={chosen ? name : ''}
          aria-label={trans.__('Saved presets')}
          onChange={event => {
            const next = event.currentTarget.value;
            setName(next);
            onChoose(presets.get(next) ?? {});
          }}
          options={[
            { value: '', label: trans.__('New preset') },
            ...[...presets.keys()].map(value => ({ value, label: value }))
          ]}
        />
      )}
      <InputGroup
        className="jp-GlobusCompute-search"
        value={name}
        placeholder={trans.__('Name of a preset')}
        aria-label={trans.__('Name of a preset')}
        onChange={event => {
          setName(event.currentTarget.value);
        }}
      />
      <button
        type="button"
        className="jp-GlobusCompute-link"
        disabled={name.trim() === ''}
        onClick={() => {
          onSave(name.trim(), config);
        }}
      >
        {trans.__('Save preset')}
      </button>
      {chosen && (
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={() => {
            onDelete(name);
            setName('');
          }}
        >
          {trans.__('Delete preset')}
        </button>
      )}
    </div>
  ) : null;
}
