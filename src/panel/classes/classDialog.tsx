import { Dialog } from '@jupyterlab/apputils';
import type { ITranslator } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';

import { TRANSLATION_DOMAIN } from '../../model/format';
import type { IClassFile, IServiceInfo } from '../../tokens';

import type { IClassViewProps } from './classView';
import { ClassView } from './classView';

/** What a person decided about a class file; `later` also when they left. */
export type ClassDecision = 'accept' | 'withdraw' | 'later';

/**
 * Show a class file and ask what is to become of it.
 *
 * @param service - The service that it names, if this server has it.
 */
export async function askAboutClass(
  file: IClassFile,
  service: IServiceInfo | undefined,
  translator: ITranslator
): Promise<ClassDecision> {
  const trans = translator.load(TRANSLATION_DOMAIN);
  const isAccepted = file.state === 'accepted';
  const canAccept = file.content !== null && service !== undefined;
  const dialog = new Dialog({
    title: trans.__('Class file: %1', file.content?.title ?? file.path),
    body: new ClassBody({ file, service, trans }),
    buttons: isAccepted
      ? [
          Dialog.warnButton({
            label: trans.__('Stop using it'),
            actions: ['withdraw']
          }),
          Dialog.okButton({ label: trans.__('Close'), actions: ['later'] })
        ]
      : [
          Dialog.cancelButton({ label: trans.__('Not now') }),
          ...(canAccept
            ? [
                Dialog.okButton({
                  label: trans.__('Accept'),
                  actions: ['accept']
                })
              ]
            : [])
        ],
    // Enter must not accept what nobody has read.
    defaultButton: 0
  });
  const { button } = await dialog.launch();
  const [decision] = button.accept ? button.actions : [];
  return decision === 'accept' || decision === 'withdraw' ? decision : 'later';
}

class ClassBody extends ReactWidget {
  constructor(private readonly _props: IClassViewProps) {
    super();
    this.addClass('jp-GlobusCompute-classDialog');
  }

  protected override render(): ReactElement {
    return <ClassView {...this._props} />;
  }
}
