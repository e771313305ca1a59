import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { IDisposable } from '@lumino/disposable';

/** As much of a document's context as saving needs. */
type ISavedContext = Pick<
  DocumentRegistry.IContext<DocumentRegistry.IModel>,
  'contentsModel' | 'model' | 'save' | 'saveState'
>;

/**
 * Saves a document after the product has written into it, one save at a time:
 * while another one is under way JupyterLab would take the file for changed on
 * disk, and ask the person.
 */
export class DocumentSaver implements IDisposable {
  constructor(context: ISavedContext) {
    this._context = context;
    context.saveState.connect(this._onSaveState, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether the document has no changes of a person that are not saved. */
  get isClean(): boolean {
    return !this._context.model.dirty || this._isOwn || this._isAsked;
  }

  /**
   * Save what the document is now, as soon as no other save is under way. One
   * that the person may only read stays as it is, without a complaint.
   */
  save(): void {
    if (this._context.contentsModel?.writable === false) {
      return;
    }
    this._isAsked = true;
    this._begin();
  }

  dispose(): void {
    this._isDisposed = true;
    this._context.saveState.disconnect(this._onSaveState, this);
  }

  private _onSaveState(_: unknown, state: DocumentRegistry.SaveState): void {
    this._isSaving = state === 'started';
    this._begin();
  }

  private _begin(): void {
    if (!this._isAsked || this._isOwn || this._isSaving || this._isDisposed) {
      return;
    }
    this._isAsked = false;
    this._isOwn = true;
    this._context
      .save()
      // JupyterLab has told the person what is wrong.
      .catch(() => undefined)
      .finally(() => {
        this._isOwn = false;
        // Of a save that a person called off there is no other word.
        this._isSaving = false;
        this._begin();
      });
  }

  private readonly _context: ISavedContext;
  private _isDisposed = false;
  /** A save is wanted that has not begun. */
  private _isAsked = false;
  /** A save of this object is under way. */
  private _isOwn = false;
  /** A save of anybody is under way. */
  private _isSaving = false;
}
