/** MIME type of a batch card in a notebook's outputs. */
export const BATCH_MIME_TYPE = 'application/vnd.globus-compute.batch+json';

/** Ids of the commands this extension adds. */
export const CommandIDs = {
  /** Run the active `%%compute` cell. */
  run: 'globus-compute:run',
  /** Stop waiting for the results of a cell; its tasks go on. */
  stopWaiting: 'globus-compute:stop-waiting',
  /** Release the cells below a waiting cell. */
  sendToBackground: 'globus-compute:send-to-background',
  /** Let the service drop the tasks of a cell that have not ended. */
  cancel: 'globus-compute:cancel',
  /** Submit the failed tasks of a cell's batch again, and no others. */
  runFailedAgain: 'globus-compute:run-failed-again',
  /** Open or close the details of a cell's card. */
  showDetails: 'globus-compute:show-details',
  /** Put the ids of a cell's batch on the clipboard. */
  copyIds: 'globus-compute:copy-ids',
  /** Choose where a cell runs. */
  chooseEndpoint: 'globus-compute:choose-endpoint',
  /** Show a cell: `{ path, cellId, line? }`. */
  goToCell: 'globus-compute:go-to-cell',
  /** Show the side panel. */
  showPanel: 'globus-compute:show-panel',
  /** Ask for tasks that were submitted elsewhere, to follow them. */
  followTasks: 'globus-compute:follow-tasks',
  /**
   * Bind the values of a batch in a notebook's kernel:
   * `{ batchId, index?, name? }`. Without `index` all of them, as a list;
   * asks for the name unless it is given.
   */
  loadIntoVariable: 'globus-compute:load-into-variable',
  /**
   * Show what a class did: `{ folder?, release? }`, paths relative to the
   * server's root. Without a folder it asks for one.
   */
  showOverview: 'globus-compute:show-overview',
  /** Insert a cell that calls a function: `{ id, name, source? }`. */
  insertFunctionCall: 'globus-compute:insert-function-call',
  /** Give the active cell a configuration: `{ endpoint, config }`. */
  useConfig: 'globus-compute:use-config',
  /**
   * Sign in to a service: `{ service?, requirements? }`, the requirements as
   * a service stated them.
   */
  signIn: 'globus-compute:sign-in',
  /** Show the class file of the notebook's folder, to accept it or not. */
  showClassFile: 'globus-compute:show-class-file',
  /** Make a class file beside the notebook. */
  makeClassFile: 'globus-compute:make-class-file',
  /** Tell what is missing to run the notebook; runs nothing. */
  checkReadiness: 'globus-compute:check-readiness',
  /** Sign out of a service: `{ service? }`. */
  signOut: 'globus-compute:sign-out',
  /** Find out how far requests get: `{ service? }`. */
  checkConnection: 'globus-compute:check-connection'
} as const;
