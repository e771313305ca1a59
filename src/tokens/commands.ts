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
  /** Show a cell: `{ path, cellId, line? }`. */
  goToCell: 'globus-compute:go-to-cell',
  /** Show the side panel. */
  showPanel: 'globus-compute:show-panel'
} as const;
