import { Dialog } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { FormComponent, ReactWidget } from '@jupyterlab/ui-components';
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import type { ReactElement } from 'react';

import schemaText from '../../../jupyterlab_globus_compute/gateway/class_file.schema.json?raw';
import { TRANSLATION_DOMAIN } from '../../model/format';
import type { IClassContent } from '../../tokens';
import { createFormValidator } from '../endpoints/formValidator';

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
    const { version, id, ...fields } = draft;
    this._fixed = { version, id };
    this._fields = fields;
    this.addClass('jp-GlobusCompute-configDialog');
    this.addClass('jp-GlobusCompute-makeClass');
  }

  /** What is filled in. */
  getValue(): IClassContent {
    return { ...this._fields, ...this._fixed };
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
          uiSchema={UI_SCHEMA}
          formData={this._fields as unknown as ReadonlyJSONObject}
          validator={createFormValidator(trans)}
          translator={this._translator}
          showErrorList={false}
          idPrefix="jp-GlobusCompute-class"
          onChange={({ formData }) => {
            this._fields = formData as unknown as IClassFields;
          }}
        />
      </>
    );
  }

  private readonly _fixed: Pick<IClassContent, 'version' | 'id'>;
  private _fields: IClassFields;
}

/** What a person fills in: all but what marks the file and the class. */
type IClassFields = Omit<IClassContent, 'version' | 'id'>;

const SCHEMA = formSchema(schemaText);

/* The text of a function has lines. */
const UI_SCHEMA = {
  functions: { items: { source: { 'ui:widget': 'textarea' } } }
};

/**
 * The schema of what a person fills in; its title stands above the form.
 *
 * It asks for nothing: an endpoint needs an id, but a class needs no endpoint,
 * and a form cannot tell an empty one from none. What is missing the server
 * says when it is to be saved.
 */
function formSchema(text: string): Record<string, unknown> {
  const { properties, $defs } = JSON.parse(text, (name, value: unknown) =>
    name === 'required' ? undefined : value
  ) as { properties: Record<string, unknown>; $defs: unknown };
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(
      Object.entries(properties).filter(
        ([name]) => name !== 'version' && name !== 'id'
      )
    ),
    $defs
  };
}
