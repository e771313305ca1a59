import { Dialog } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { ReactElement } from 'react';

import { TRANSLATION_DOMAIN } from '../../model/format';
import type { IEndpointInfo } from '../../tokens';

import { ConfigForm } from './configForm';
import type { Presets } from './presets';

/** What a person wants done with a configuration. */
export interface IConfigChoice {
  readonly config: ReadonlyJSONObject;
  /** Put it into the active cell, or on the clipboard. */
  readonly use: 'cell' | 'copy';
}

/**
 * Let a person fill in the configuration of an endpoint.
 *
 * @param endpoint - The endpoint; it has a schema.
 * @param presets - Saved configurations.
 * @param translator - Words to use.
 * @returns what to do; `null` for nothing.
 */
export async function askForConfig(
  endpoint: IEndpointInfo,
  presets: Presets,
  translator: ITranslator
): Promise<IConfigChoice | null> {
  const trans = translator.load(TRANSLATION_DOMAIN);
  const body = new ConfigBody(endpoint, presets, translator);
  const dialog = new Dialog({
    title: trans.__('Configure %1', endpoint.name),
    body,
    buttons: [
      Dialog.cancelButton(),
      Dialog.createButton({
        label: trans.__('Copy as --config'),
        actions: ['copy']
      }),
      Dialog.okButton({
        label: trans.__('Use in active cell'),
        actions: ['cell']
      })
    ]
  });
  const { button } = await dialog.launch();
  return button.accept
    ? {
        config: body.getValue(),
        use: button.actions.includes('copy') ? 'copy' : 'cell'
      }
    : null;
}

class ConfigBody
  extends ReactWidget
  implements Dialog.IBodyWidget<ReadonlyJSONObject>
{
  constructor(
    endpoint: IEndpointInfo,
    presets: Presets,
    translator: ITranslator
  ) {
    super();
    this._endpoint = endpoint;
    this._presets = presets;
    this._translator = translator;
    this.addClass('jp-GlobusCompute-configDialog');
  }

  /** What is filled in. */
  getValue(): ReadonlyJSONObject {
    return this._config;
  }

  protected override render(): ReactElement {
    const { id, userConfigSchema } = this._endpoint;
    return (
      <ConfigForm
        schema={userConfigSchema ?? {}}
        presets={this._presets.of(id)}
        canSave={this._presets.canSave}
        translator={this._translator}
        onChange={config => {
          this._config = config;
        }}
        onSave={(name, config) => {
          void this._presets.save(id, name, config).then(() => {
            this.update();
          });
        }}
        onDelete={name => {
          void this._presets.delete(id, name).then(() => {
            this.update();
          });
        }}
      />
    );
  }

  private readonly _endpoint: IEndpointInfo;
  private readonly _presets: Presets;
  private readonly _translator: ITranslator;
  private _config: ReadonlyJSONObject = {};
}
