import type { JupyterFrontEndPlugin } from '@jupyterlab/application';

import { barPlugin } from './plugins/bar';
import { batchCommandsPlugin } from './plugins/batchCommands';
import { batchesPlugin } from './plugins/batches';
import { cardPlugin } from './plugins/card';
import { commandsPlugin } from './plugins/commands';
import { completerPlugin } from './plugins/completer';
import { computePlugin } from './plugins/compute';
import { editorPlugin } from './plugins/editor';
import { endpointsPlugin } from './plugins/endpoints';
import { executorPlugin } from './plugins/executor';
import { functionsPlugin } from './plugins/functions';
import { panelPlugin } from './plugins/panel';
import { runsPlugin } from './plugins/runs';
import { servicesPlugin } from './plugins/services';

export * from './tokens';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  computePlugin,
  servicesPlugin,
  endpointsPlugin,
  batchesPlugin,
  functionsPlugin,
  runsPlugin,
  executorPlugin,
  barPlugin,
  editorPlugin,
  completerPlugin,
  commandsPlugin,
  batchCommandsPlugin,
  cardPlugin,
  panelPlugin
];

export default plugins;
