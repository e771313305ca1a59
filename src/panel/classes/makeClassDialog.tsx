import { Dialog } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { FormComponent, ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { ReactElement } from 'react';

import schemaText from '../../../jupyterlab_globus_compute/gateway/class_file.schema.json?raw';
import { TRANSLATION_DOMAIN } from '../../model/format';
import type { IClassContent } from '../../tokens';
import { createFormValidator } from '../formValidator';

/** Nobody has to see these. */
const HIDDEN = { 'ui:widget': 'hidden' };

/**
 * Let a teacher fill in a class file.
 *
 * @param draft - What is filled in at first.
 * @param problems - What was wrong with it the last time, one sentence each.
 * @returns what was filled in; `null` to leave it.
 */
export async function askForClass(
  draft: IClassContent,
  problems: readonly string[],
  translator: ITranslator
): Promise<IClassContent | null> {
  const trans = translator.load(TRANSLATION_DOMAIN);
  const body = new MakeClassBody(draft, problems, translator);
  const { button } = await new Dialog({
    title: trans.__('Make a class file'),
    body,
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Save') })
    ]
  }).launch();
  return button.accept ? body.getValue() : null;
}

class MakeClassBody
  extends ReactWidget
  implements Dialog.IBodyWidget<IClassContent>
{
  constructor(
    draft: IClassContent,
    private readonly _problems: readonly string[],
    private readonly _translator: ITranslator
  ) {
    super();
    this._content = draft;
    this.addClass('jp-GlobusCompute-configDialog');
    this.addClass('jp-GlobusCompute-makeClass');
  }

  /** What is filled in. */
  getValue(): IClassContent {
    return this._content;
  }

  protected override render(): ReactElement {
    const trans = this._translator.load(TRANSLATION_DOMAIN);
    return (
      <>
        <p>
          {trans.__(
            'It is saved beside the notebook as class.compute.json. It has no effect for anybody, you included, until they accept it. Everybody who gets the folder can read it.'
          )}
        </p>
        {this._problems.length > 0 && (
          <ul className="jp-GlobusCompute-failure" role="alert">
            {this._problems.map(problem => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        )}
        <FormComponent
          schema={SCHEMA}
          uiSchema={{ version: HIDDEN, id: HIDDEN }}
          formData={this._content as unknown as ReadonlyJSONObject}
          validator={createFormValidator(trans)}
          translator={this._translator}
          showErrorList={false}
          idPrefix="jp-GlobusCompute-class"
          onChange={({ formData }) => {
            this._content = formData as unknown as IClassContent;
          }}
        />
      </>
    );
  }

  private _content: IClassContent;
}

/* What stands above the form already, and what only readers of schemas need. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  '$schema',
  'title',
  'description'
]);

const SCHEMA: Record<string, unknown> = Object.fromEntries(
  Object.entries(JSON.parse(schemaText) as Record<string, unknown>).filter(
    ([name]) => !LEFT_OUT.has(name)
  )
);
