import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { TRANSLATION_DOMAIN } from '../model/format';
import { describeEnd } from '../panel/batches/endText';
import { EndWatch, lengthOf } from '../panel/batches/endWatch';
import type { IBatch } from '../tokens';
import { CommandIDs, IBatches } from '../tokens';

const PLUGIN_ID = 'jupyterlab-globus-compute:notifications';

/** As long as nothing else is set, in seconds; the schema says the same. */
const DEFAULT_THRESHOLD_S = 30;

/** Tells a person when a batch that took long has ended. */
export const notificationsPlugin: JupyterFrontEndPlugin<void> = {
  id: PLUGIN_ID,
  description: 'Tells when a long Globus Compute batch has ended.',
  autoStart: true,
  requires: [IBatches],
  optional: [ISettingRegistry, ITranslator],
  activate: (
    app,
    batches: IBatches,
    registry: ISettingRegistry | null,
    translator: ITranslator | null
  ) => {
    const trans = (translator ?? nullTranslator).load(TRANSLATION_DOMAIN);
    const settings = registry?.load(PLUGIN_ID).catch(() => null);
    const watch = new EndWatch(batches);
    watch.ended.connect((_, batch) => {
      void Promise.resolve(settings).then(loaded => {
        if (lengthOf(batch) >= thresholdOf(loaded ?? null)) {
          notify(app, batch, trans);
        }
      });
    });
  }
};

/** From how many seconds on to tell; never gives infinity. */
function thresholdOf(settings: ISettingRegistry.ISettings | null): number {
  if (settings?.composite['notify'] === false) {
    return Infinity;
  }
  const seconds = settings?.composite['longBatch'];
  return typeof seconds === 'number' ? seconds : DEFAULT_THRESHOLD_S;
}

function notify(
  { commands }: JupyterFrontEnd,
  batch: IBatch,
  trans: TranslationBundle
): void {
  const { notebookPath: path, cellId } = batch;
  const actions =
    path && cellId
      ? [
          {
            label: trans.__('Go to cell'),
            callback: () =>
              void commands.execute(CommandIDs.goToCell, { path, cellId })
          }
        ]
      : [];
  Notification.emit(
    describeEnd(batch, trans),
    batch.state === 'done' ? 'success' : 'error',
    // What happened while nobody looked is still there when they come back.
    { autoClose: false, actions }
  );
}
