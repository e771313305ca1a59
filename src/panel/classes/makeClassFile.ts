import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { ServerConnection, type Contents } from '@jupyterlab/services';
import type { ITranslator } from '@jupyterlab/translation';

import type { ClassFiles } from '../../model/classes/classFiles';
import { folderOf } from '../../model/classes/classFiles';
import { TRANSLATION_DOMAIN } from '../../model/format';
import type {
  IBatches,
  IClassContent,
  IEndpoints,
  IFunctionInfo,
  IFunctions
} from '../../tokens';
import { CLASS_FILE_NAME } from '../../tokens';

import { classText, draftClass, withoutEmpty } from './classDraft';

/** How many functions are read from their service for their source. */
const MAX_LOADED = 20;

const NOT_FOUND = 404;

/** What a class file is made from. */
export interface IClassSources {
  readonly classFiles: Pick<ClassFiles, 'refresh' | 'refreshRules' | 'check'>;
  readonly endpoints: Pick<IEndpoints, 'defaultFor'>;
  readonly functions: Pick<IFunctions, 'items' | 'load'>;
  readonly batches: Pick<IBatches, 'items'>;
}

/**
 * Have a teacher fill in the class file of a notebook's folder, and save it
 * there; one that is there already only if they say so.
 *
 * @throws what the contents service does when it cannot be saved.
 */
export async function makeClassFile(
  sources: IClassSources,
  contents: Pick<Contents.IManager, 'get' | 'save'>,
  notebookPath: string,
  translator: ITranslator
): Promise<void> {
  const { classFiles, endpoints } = sources;
  const { askForClass } = await import('./makeClassDialog');
  const known = (await classFiles.refresh(notebookPath))?.content ?? null;
  const draft = draftClass(
    known,
    endpoints.defaultFor(notebookPath),
    await usedFunctions(sources, notebookPath)
  );
  let content = await askForClass(draft, [], translator);
  while (content) {
    const problems = await classFiles.check(withoutEmpty(content));
    if (problems.length === 0) {
      await save(content, contents, notebookPath, translator);
      await classFiles.refreshRules(notebookPath);
      return;
    }
    content = await askForClass(content, problems, translator);
  }
}

async function save(
  content: IClassContent,
  contents: Pick<Contents.IManager, 'get' | 'save'>,
  notebookPath: string,
  translator: ITranslator
): Promise<void> {
  const trans = translator.load(TRANSLATION_DOMAIN);
  const folder = folderOf(notebookPath) ?? '';
  const path = folder ? `${folder}/${CLASS_FILE_NAME}` : CLASS_FILE_NAME;
  if (await exists(contents, path)) {
    const { button } = await showDialog({
      title: trans.__('Replace the class file?'),
      body: trans.__(
        '%1 is there already. Everybody who accepted it is asked again.',
        path
      ),
      buttons: [
        Dialog.cancelButton(),
        Dialog.warnButton({ label: trans.__('Replace') })
      ]
    });
    if (!button.accept) {
      return;
    }
  }
  await contents.save(path, {
    type: 'file',
    format: 'text',
    content: classText(content)
  });
  Notification.success(trans.__('Saved %1.', path), { autoClose: 5000 });
}

async function exists(
  contents: Pick<Contents.IManager, 'get'>,
  path: string
): Promise<boolean> {
  try {
    await contents.get(path, { content: false });
    return true;
  } catch (reason) {
    if (
      reason instanceof ServerConnection.ResponseError &&
      reason.response.status === NOT_FOUND
    ) {
      return false;
    }
    throw reason;
  }
}

/** The functions that the notebook's batches used, with their sources. */
async function usedFunctions(
  { functions, batches }: IClassSources,
  notebookPath: string
): Promise<IFunctionInfo[]> {
  const own = new Set(
    batches.items
      .filter(batch => batch.notebookPath === notebookPath)
      .map(({ id }) => id)
  );
  const used = functions.items
    .filter(info => info.batches.some(id => own.has(id)))
    .slice(0, MAX_LOADED);
  return Promise.all(
    used.map(info =>
      // One that its service no longer has is listed as it is known here.
      functions.load(info.id).catch(() => info)
    )
  );
}
