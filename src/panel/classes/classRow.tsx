import type { TranslationBundle } from '@jupyterlab/translation';
import { VDomModel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ReactElement } from 'react';

import type { IClassFile, IClassFiles } from '../../tokens';
import { CommandIDs } from '../../tokens';
import { VisibleRenderer } from '../visibleRenderer';

/** The class file beside the notebook that a person is in. */
export class ClassModel extends VDomModel {
  constructor(private readonly _classFiles: IClassFiles) {
    super();
    _classFiles.changed.connect(this._onChanged, this);
  }

  /** Its path; `null` when there is no notebook. */
  get notebookPath(): string | null {
    return this._notebookPath;
  }

  set notebookPath(path: string | null) {
    if (path !== this._notebookPath) {
      this._notebookPath = path;
      this.stateChanged.emit();
    }
  }

  get file(): IClassFile | null {
    return this._notebookPath === null
      ? null
      : (this._classFiles.get(this._notebookPath) ?? null);
  }

  override dispose(): void {
    this._classFiles.changed.disconnect(this._onChanged, this);
    super.dispose();
  }

  private _onChanged(): void {
    this.stateChanged.emit();
  }

  private _notebookPath: string | null = null;
}

/** The line of the panel that tells of the class, and what one can do. */
export class ClassRow extends VisibleRenderer<ClassModel> {
  constructor(
    private readonly _class: ClassModel,
    private readonly _commands: CommandRegistry,
    private readonly _trans: TranslationBundle
  ) {
    super(_class);
    this.addClass('jp-GlobusCompute-classRow');
  }

  protected override render(): ReactElement | null {
    const { notebookPath: path, file } = this._class;
    const trans = this._trans;
    if (path === null) {
      return null;
    }
    const link = (
      label: string,
      command: string,
      args: ReadonlyPartialJSONObject = { path }
    ): ReactElement => (
      <button
        type="button"
        className="jp-GlobusCompute-link"
        onClick={() => void this._commands.execute(command, args)}
      >
        {label}
      </button>
    );
    return (
      <>
        {file && (
          <span className="jp-GlobusCompute-className">
            {describe(file, trans)}
          </span>
        )}
        {file?.content
          ? link(trans.__('Show'), CommandIDs.showClassFile)
          : link(trans.__('Make class file…'), CommandIDs.makeClassFile)}
        {link(trans.__('Check readiness'), CommandIDs.checkReadiness)}
        {this._commands.hasCommand(CommandIDs.showOverview) &&
          link(trans.__('Overview…'), CommandIDs.showOverview, {})}
      </>
    );
  }
}

function describe(
  { state, content }: IClassFile,
  trans: TranslationBundle
): string {
  const title = content?.title ?? '';
  switch (state) {
    case 'accepted':
      return trans.__('Class: %1', title);
    case 'changed':
      return trans.__('Class: %1 (changed, not accepted)', title);
    case 'new':
      return trans.__('Class: %1 (not accepted)', title);
    case 'invalid':
      return trans.__('The class file cannot be read');
  }
}
