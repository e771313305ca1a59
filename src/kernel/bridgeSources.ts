import index from '../../jupyterlab_globus_compute/kernel/bridge/__init__.py?raw';
import callArguments from '../../jupyterlab_globus_compute/kernel/bridge/arguments.py?raw';
import askedCalls from '../../jupyterlab_globus_compute/kernel/bridge/asked_calls.py?raw';
import bodyRun from '../../jupyterlab_globus_compute/kernel/bridge/body_run.py?raw';
import bodySession from '../../jupyterlab_globus_compute/kernel/bridge/body_session.py?raw';
import bridge from '../../jupyterlab_globus_compute/kernel/bridge/bridge.py?raw';
import callSession from '../../jupyterlab_globus_compute/kernel/bridge/call_session.py?raw';
import callSources from '../../jupyterlab_globus_compute/kernel/bridge/call_sources.py?raw';
import cellText from '../../jupyterlab_globus_compute/kernel/bridge/cell_text.py?raw';
import config from '../../jupyterlab_globus_compute/kernel/bridge/config.py?raw';
import delivery from '../../jupyterlab_globus_compute/kernel/bridge/delivery.py?raw';
import dependencies from '../../jupyterlab_globus_compute/kernel/bridge/dependencies.py?raw';
import errors from '../../jupyterlab_globus_compute/kernel/bridge/errors.py?raw';
import failures from '../../jupyterlab_globus_compute/kernel/bridge/failures.py?raw';
import fetched from '../../jupyterlab_globus_compute/kernel/bridge/fetched.py?raw';
import givenOptions from '../../jupyterlab_globus_compute/kernel/bridge/given_options.py?raw';
import grid from '../../jupyterlab_globus_compute/kernel/bridge/grid.py?raw';
import imports from '../../jupyterlab_globus_compute/kernel/bridge/imports.py?raw';
import kinds from '../../jupyterlab_globus_compute/kernel/bridge/kinds.py?raw';
import labels from '../../jupyterlab_globus_compute/kernel/bridge/labels.py?raw';
import lazyCalls from '../../jupyterlab_globus_compute/kernel/bridge/lazy_calls.py?raw';
import magicLine from '../../jupyterlab_globus_compute/kernel/bridge/magic_line.py?raw';
import magicValues from '../../jupyterlab_globus_compute/kernel/bridge/magic_values.py?raw';
import names from '../../jupyterlab_globus_compute/kernel/bridge/names.py?raw';
import namespace from '../../jupyterlab_globus_compute/kernel/bridge/namespace.py?raw';
import notebook from '../../jupyterlab_globus_compute/kernel/bridge/notebook.py?raw';
import operands from '../../jupyterlab_globus_compute/kernel/bridge/operands.py?raw';
import options from '../../jupyterlab_globus_compute/kernel/bridge/options.py?raw';
import origins from '../../jupyterlab_globus_compute/kernel/bridge/origins.py?raw';
import pickling from '../../jupyterlab_globus_compute/kernel/bridge/pickling.py?raw';
import remoteFunctions from '../../jupyterlab_globus_compute/kernel/bridge/remote_functions.py?raw';
import report from '../../jupyterlab_globus_compute/kernel/bridge/report.py?raw';
import running from '../../jupyterlab_globus_compute/kernel/bridge/running.py?raw';
import serializers from '../../jupyterlab_globus_compute/kernel/bridge/serializers.py?raw';
import session from '../../jupyterlab_globus_compute/kernel/bridge/session.py?raw';
import settings from '../../jupyterlab_globus_compute/kernel/bridge/settings.py?raw';
import source from '../../jupyterlab_globus_compute/kernel/bridge/source.py?raw';
import splitter from '../../jupyterlab_globus_compute/kernel/bridge/splitter.py?raw';
import statementRunner from '../../jupyterlab_globus_compute/kernel/bridge/statement_runner.py?raw';
import statements from '../../jupyterlab_globus_compute/kernel/bridge/statements.py?raw';
import stragglers from '../../jupyterlab_globus_compute/kernel/bridge/stragglers.py?raw';
import submissions from '../../jupyterlab_globus_compute/kernel/bridge/submissions.py?raw';
import tasks from '../../jupyterlab_globus_compute/kernel/bridge/tasks.py?raw';
import tracebacks from '../../jupyterlab_globus_compute/kernel/bridge/tracebacks.py?raw';
import units from '../../jupyterlab_globus_compute/kernel/bridge/units.py?raw';
import upperPart from '../../jupyterlab_globus_compute/kernel/bridge/upper_part.py?raw';
import words from '../../jupyterlab_globus_compute/kernel/bridge/words.py?raw';
import vainHandlers from '../../jupyterlab_globus_compute/kernel/bridge/vain_handlers.py?raw';
import workerIndex from '../../jupyterlab_globus_compute/kernel/bridge/worker/__init__.py?raw';
import workerBody from '../../jupyterlab_globus_compute/kernel/bridge/worker/body.py?raw';
import workerBudget from '../../jupyterlab_globus_compute/kernel/bridge/worker/budget.py?raw';
import workerCapture from '../../jupyterlab_globus_compute/kernel/bridge/worker/capture.py?raw';
import workerCompiled from '../../jupyterlab_globus_compute/kernel/bridge/worker/compiled.py?raw';
import workerEntry from '../../jupyterlab_globus_compute/kernel/bridge/worker/entry.py?raw';
import workerMime from '../../jupyterlab_globus_compute/kernel/bridge/worker/mime.py?raw';
import workerPacking from '../../jupyterlab_globus_compute/kernel/bridge/worker/packing.py?raw';
import workerPublishing from '../../jupyterlab_globus_compute/kernel/bridge/worker/publishing.py?raw';
import workerReport from '../../jupyterlab_globus_compute/kernel/bridge/worker/report.py?raw';
import workerShell from '../../jupyterlab_globus_compute/kernel/bridge/worker/shell.py?raw';
import workerShortened from '../../jupyterlab_globus_compute/kernel/bridge/worker/shortened.py?raw';
import workerStreams from '../../jupyterlab_globus_compute/kernel/bridge/worker/streams.py?raw';
import workerSource from '../../jupyterlab_globus_compute/kernel/bridge/worker_source.py?raw';
import declaration from '../../jupyterlab_globus_compute/kernel/options.json?raw';

/**
 * The files of the bridge: their texts by module name, relative to the package,
 * and what it reads. A bundler resolves only imports that are written out.
 */
export const bridgeSources: Readonly<Record<string, string>> = {
  __init__: index,
  arguments: callArguments,
  asked_calls: askedCalls,
  body_run: bodyRun,
  body_session: bodySession,
  bridge,
  call_session: callSession,
  call_sources: callSources,
  cell_text: cellText,
  config,
  delivery,
  dependencies,
  errors,
  failures,
  fetched,
  given_options: givenOptions,
  grid,
  imports,
  kinds,
  labels,
  lazy_calls: lazyCalls,
  magic_line: magicLine,
  magic_values: magicValues,
  names,
  namespace,
  notebook,
  operands,
  options,
  'options.json': declaration,
  origins,
  pickling,
  remote_functions: remoteFunctions,
  report,
  running,
  serializers,
  session,
  settings,
  source,
  splitter,
  statement_runner: statementRunner,
  statements,
  stragglers,
  submissions,
  tasks,
  tracebacks,
  units,
  upper_part: upperPart,
  words,
  vain_handlers: vainHandlers,
  worker_source: workerSource,
  'worker.__init__': workerIndex,
  'worker.body': workerBody,
  'worker.budget': workerBudget,
  'worker.capture': workerCapture,
  'worker.compiled': workerCompiled,
  'worker.entry': workerEntry,
  'worker.mime': workerMime,
  'worker.packing': workerPacking,
  'worker.publishing': workerPublishing,
  'worker.report': workerReport,
  'worker.shell': workerShell,
  'worker.shortened': workerShortened,
  'worker.streams': workerStreams
};
