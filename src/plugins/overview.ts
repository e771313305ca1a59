import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog, IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { IOverviewQuery } from '../model/classes/classOverviews';
import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { TRANSLATION_DOMAIN } from '../model/format';
import type { IOverviewDeeds } from '../overview/overviewBody';
import { OverviewModel } from '../overview/overviewModel';
import { OverviewWidget } from '../overview/overviewWidget';
import { CommandIDs } from '../tokens';

const SHOW_OVERVIEW_ARGS = {
  args: {
    type: 'object',
    properties: {
      folder: { type: 'string', description: 'Folder of the notebooks' },
      release: {
        type: 'string',
        description: 'Path of the notebook that was handed out'
      }
    }
  }
} as const;

/** Adds the overview of a class. */
export const overviewPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:overview',
  description: 'Shows what a class did, from collected notebooks.',
  autoStart: true,
  requires: [IComputeModel],
  optional: [
    ILabShell,
    IDocumentManager,
    IFileBrowserFactory,
    ITranslator,
    ILayoutRestorer,
    ICommandPalette
  ],
  activate: (
    app,
    compute: ComputeModel,
    shell: ILabShell | null,
    documents: IDocumentManager | null,
    browsers: IFileBrowserFactory | null,
    maybeTranslator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ) => {
    // Notebook 7 has one tab for one document.
    if (!shell || !documents) {
      return;
    }
    const translator = maybeTranslator ?? nullTranslator;
    const trans = translator.load(TRANSLATION_DOMAIN);
    const chooser = new PathChooser(documents, translator);
    const tracker = new WidgetTracker<OverviewWidget>({
      namespace: 'globus-compute-overview'
    });
    let made = 0;

    const open = (query: IOverviewQuery): OverviewWidget => {
      const model = new OverviewModel(compute.classOverviews, query);
      const deeds = overviewDeeds(app, model, chooser);
      const widget = new OverviewWidget({ model, deeds, trans, download });
      widget.id = `jp-globus-compute-overview-${++made}`;
      model.stateChanged.connect(() => void tracker.save(widget));
      shell.add(widget, 'main');
      void tracker.add(widget);
      return widget;
    };

    app.commands.addCommand(CommandIDs.showOverview, {
      label: trans.__('Overview of a class…'),
      caption: trans.__('Show what a class did, from collected notebooks'),
      describedBy: SHOW_OVERVIEW_ARGS,
      execute: async args => {
        const isMenu = args['isMenu'] === true;
        const folder = isMenu
          ? selectedFolder(browsers)
          : (textOf(args, 'folder') ?? (await chooser.folder('')));
        if (folder === null) {
          return;
        }
        const query = {
          folder,
          release: textOf(args, 'release') ?? '',
          assignment: textOf(args, 'assignment') ?? ''
        };
        const widget = open(query);
        shell.activateById(widget.id);
        await widget.model.show();
      }
    });
    palette?.addItem({
      command: CommandIDs.showOverview,
      category: trans.__('Globus Compute')
    });
    app.contextMenu.addItem({
      command: CommandIDs.showOverview,
      args: { isMenu: true },
      selector: '.jp-DirListing-item[data-isdir="true"]',
      rank: 50
    });
    void restorer?.restore(tracker, {
      command: CommandIDs.showOverview,
      args: ({ model }) => ({ ...model.query }),
      name: ({ id }) => id
    });
  }
};

/** Lets a person choose a path of the Jupyter server. */
class PathChooser {
  constructor(manager: IDocumentManager, translator: ITranslator) {
    this._manager = manager;
    this._translator = translator;
    this._trans = translator.load(TRANSLATION_DOMAIN);
  }

  /** A folder; `null` if the person would rather not. */
  async folder(start: string): Promise<string | null> {
    const { value } = await FileDialog.getExistingDirectory({
      title: this._trans.__('Folder of the collected notebooks'),
      manager: this._manager,
      translator: this._translator,
      defaultPath: start
    });
    return this._pathOf(value?.at(0)?.path);
  }

  /** A notebook; `null` if the person would rather not. */
  async notebook(start: string): Promise<string | null> {
    const { value } = await FileDialog.getOpenFiles({
      title: this._trans.__('Notebook that was handed out'),
      manager: this._manager,
      translator: this._translator,
      defaultPath: start,
      filter: ({ type }) => (type === 'notebook' ? {} : null)
    });
    return this._pathOf(value?.find(({ type }) => type === 'notebook')?.path);
  }

  private _pathOf(path: string | undefined): string | null {
    return path === undefined
      ? null
      : this._manager.services.contents.localPath(path);
  }

  private readonly _manager: IDocumentManager;
  private readonly _translator: ITranslator;
  private readonly _trans: ReturnType<ITranslator['load']>;
}

function overviewDeeds(
  { commands }: JupyterFrontEnd,
  model: OverviewModel,
  chooser: PathChooser
): IOverviewDeeds {
  return {
    open: ({ path: below }, entry) => {
      const path = [model.query.folder, below].filter(Boolean).join('/');
      if (entry?.cellId === undefined) {
        void commands.execute('docmanager:open', { path });
      } else {
        const { cellId } = entry;
        void commands.execute(CommandIDs.goToCell, { path, cellId });
      }
    },
    chooseFolder: () => chooser.folder(model.query.folder),
    chooseNotebook: () => chooser.notebook('')
  };
}

/** The folder that the file browser's menu was opened on. */
function selectedFolder(browsers: IFileBrowserFactory | null): string | null {
  const browser = browsers?.tracker.currentWidget;
  const selected = browser
    ? [...browser.selectedItems()].find(({ type }) => type === 'directory')
    : undefined;
  return selected && browser
    ? browser.model.manager.services.contents.localPath(selected.path)
    : null;
}

function textOf(args: ReadonlyPartialJSONObject, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' ? value : null;
}

function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
