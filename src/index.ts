import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { accountsPlugin } from './plugins/accounts';
import { barPlugin } from './plugins/bar';
import { batchCommandsPlugin } from './plugins/batchCommands';
import { batchesPlugin } from './plugins/batches';
import { cardPlugin } from './plugins/card';
import { classCommandsPlugin } from './plugins/classCommands';
import { classFilesPlugin } from './plugins/classFiles';
import { classNoticesPlugin } from './plugins/classNotices';
import { commandsPlugin } from './plugins/commands';
import { completerPlugin } from './plugins/completer';
import { computePlugin } from './plugins/compute';
import { directPlugin } from './plugins/direct';
import { editorPlugin } from './plugins/editor';
import { endpointsPlugin } from './plugins/endpoints';
import { executorPlugin } from './plugins/executor';
import { functionCellsPlugin } from './plugins/functionCells';
import { functionsPlugin } from './plugins/functions';
import { landingPlugin } from './plugins/landing';
import { loadVariablePlugin } from './plugins/loadVariable';
import { notificationsPlugin } from './plugins/notifications';
import { overviewPlugin } from './plugins/overview';
import { panelPlugin } from './plugins/panel';
import { runsPlugin } from './plugins/runs';
import { servicesPlugin } from './plugins/services';
import { signInPlugin } from './plugins/signIn';
import { statusBarPlugin } from './plugins/statusbar';

export * from './tokens';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  computePlugin,
  directPlugin,
  servicesPlugin,
  accountsPlugin,
  signInPlugin,
  endpointsPlugin,
  batchesPlugin,
  functionsPlugin,
  classFilesPlugin,
  classNoticesPlugin,
  classCommandsPlugin,
  runsPlugin,
  executorPlugin,
  barPlugin,
  editorPlugin,
  completerPlugin,
  commandsPlugin,
  batchCommandsPlugin,
  cardPlugin,
  functionCellsPlugin,
  landingPlugin,
  loadVariablePlugin,
  panelPlugin,
  overviewPlugin,
  statusBarPlugin,
  notificationsPlugin
];

export default plugins;
