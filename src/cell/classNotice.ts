import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { DisposableDelegate, type IDisposable } from '@lumino/disposable';
import { Widget } from '@lumino/widgets';

import type { IClassFile, IClassFiles } from '../tokens';
import { CommandIDs } from '../tokens';

/** What the notices need from their surroundings. */
export interface IClassNoticeOptions {
  readonly classFiles: IClassFiles;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}

/** Says above a notebook that its folder has a class file nobody has accepted. */
export class ClassNotices implements DocumentRegistry.IWidgetExtension<
  NotebookPanel,
  INotebookModel
> {
  constructor(options: IClassNoticeOptions) {
    this._options = options;
  }

  createNew(panel: NotebookPanel): IDisposable {
    const { classFiles } = this._options;
    const path = (): string => panel.context.path;
    const notice = new ClassNotice(this._options, path);
    panel.contentHeader.addWidget(notice);
    const read = (): void => {
      void classFiles.refreshRules(path());
    };
    panel.context.pathChanged.connect(read);
    void panel.context.ready.then(read);
    return new DisposableDelegate(() => {
      notice.dispose();
    });
  }

  private readonly _options: IClassNoticeOptions;
}

/** One line with what there is, and the two things one can do. */
export class ClassNotice extends Widget {
  /**
   * @param path - Where the notebook is now.
   */
  constructor(
    private readonly _options: IClassNoticeOptions,
    private readonly _path: () => string
  ) {
    super();
    const { trans, classFiles, commands } = _options;
    this.addClass('jp-GlobusCompute-classNotice');
    // Spoken when it appears, without interrupting.
    this.node.setAttribute('role', 'status');
    this._text.className = 'jp-GlobusCompute-classNoticeText';
    this._look = button(trans.__('Look at it…'), () => {
      void commands.execute(CommandIDs.showClassFile, { path: this._path() });
    });
    const later = button(trans.__('Not now'), () => {
      const file = classFiles.get(this._path());
      if (file) {
        classFiles.postpone(this._path(), file);
      }
    });
    this.node.append(this._text, this._look, later);
    classFiles.changed.connect(this._draw, this);
    this._draw();
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._options.classFiles.changed.disconnect(this._draw, this);
      super.dispose();
    }
  }

  private _draw(): void {
    const { classFiles } = this._options;
    const file = classFiles.get(this._path());
    const isShown =
      !!file && file.state !== 'accepted' && !classFiles.isPostponed(file);
    this.setHidden(!isShown);
    if (isShown) {
      // Of a long one the end is cut off.
      this._text.textContent = this._text.title = this._describe(file);
      this._look.hidden = file.content === null;
    }
  }

  private _describe({ state, content, problems }: IClassFile): string {
    const { trans } = this._options;
    switch (state) {
      case 'invalid':
        return trans.__(
          'The class file of this folder has no effect, for it cannot be read: %1.',
          problems.join('; ')
        );
      case 'changed':
        return trans.__(
          'The class file of this folder, “%1”, has changed since you accepted it. It has no effect until you accept it again.',
          content?.title ?? ''
        );
      default:
        return trans.__(
          'This folder has a class file: “%1”. It has no effect until you accept it.',
          content?.title ?? ''
        );
    }
  }

  private readonly _text = document.createElement('span');
  private readonly _look: HTMLButtonElement;
}

function button(label: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'jp-GlobusCompute-link';
  made.textContent = label;
  made.addEventListener('click', onClick);
  return made;
}
