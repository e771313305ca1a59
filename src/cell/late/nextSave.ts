import type { DocumentRegistry } from '@jupyterlab/docregistry';

/**
 * Wait until what a document is now is in its file. A save that is under way
 * has begun without it, and does not count.
 *
 * @returns `false` if it was closed before.
 */
export function nextSave(
  context: Pick<DocumentRegistry.Context, 'saveState' | 'disposed'>
): Promise<boolean> {
  return new Promise(resolve => {
    let hasBegun = false;
    const finish = (isSaved: boolean): void => {
      context.saveState.disconnect(onSave);
      context.disposed.disconnect(onDisposed);
      resolve(isSaved);
    };
    const onSave = (_: unknown, state: DocumentRegistry.SaveState): void => {
      if (state === 'started') {
        hasBegun = true;
      } else if (state === 'completed' && hasBegun) {
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
