import type { DocumentRegistry } from '@jupyterlab/docregistry';

/**
 * Wait until a document is saved the next time.
 *
 * @returns `false` if it was closed before.
 */
export function nextSave(
  context: Pick<DocumentRegistry.Context, 'saveState' | 'disposed'>
): Promise<boolean> {
  return new Promise(resolve => {
    const finish = (isSaved: boolean): void => {
      context.saveState.disconnect(onSave);
      context.disposed.disconnect(onDisposed);
      resolve(isSaved);
    };
    const onSave = (_: unknown, state: DocumentRegistry.SaveState): void => {
      if (state === 'completed') {
        finish(true);
      }
    };
    const onDisposed = (): void => {
      finish(false);
    };
    context.saveState.connect(onSave);
    context.disposed.connect(onDisposed);
  });
}
