/**
 * Long tasks of a page, from a trace of Chromium with samples of what ran.
 */

/** What the browser is asked to write down. */
export const categories = [
  'toplevel',
  'devtools.timeline',
  'v8.execute',
  'disabled-by-default-devtools.timeline',
  'disabled-by-default-v8.cpu_profiler'
];

/**
 * @typedef {object} ITraceEvent
 * @property {string} name
 * @property {string} ph
 * @property {number} pid
 * @property {number} tid
 * @property {number} ts - µs
 * @property {number} [dur] - µs
 * @property {number} [tdur] - µs of the processor's time
 * @property {string} [id]
 * @property {{ data?: IProfileData, name?: string }} [args]
 */

/**
 * @typedef {object} IProfileData
 * @property {number} [startTime] - µs
 * @property {readonly number[]} [timeDeltas] - µs
 * @property {ICpuProfile} [cpuProfile]
 */

/**
 * @typedef {object} ICpuProfile
 * @property {readonly IProfileNode[]} [nodes]
 * @property {readonly number[]} [samples] - ids of nodes
 */

/**
 * @typedef {object} IProfileNode
 * @property {number} id
 * @property {number} [parent] - the id of what called it
 * @property {{ url?: string }} callFrame
 */

/**
 * @typedef {object} ITask
 * @property {number} atMs - when it began, counted from the first
 * @property {number} ms - how long it took
 * @property {number} cpuMs - for how long it had the processor
 * @property {boolean} isOurs - whether code of this extension ran in it
 * @property {number} oursMs - for how long, by samples
 */

/**
 * @param {Buffer} trace
 * @param {string} ours - part of the address of this extension's files
 * @returns {ITask[]} the main thread's tasks
 */
export function readTasks(trace, ours) {
  /** @type {unknown} */
  const json = JSON.parse(trace.toString());
  const { traceEvents } = /** @type {{ traceEvents: ITraceEvent[] }} */ (json);
  const main = mainThread(traceEvents);
  const samples = readSamples(traceEvents, main.pid, ours);
  let next = 0;
  const runs = traceEvents
    .filter(
      ({ name, ph, pid, tid }) =>
        ph === 'X' &&
        pid === main.pid &&
        tid === main.tid &&
        (name === 'RunTask' || name === 'ThreadControllerImpl::RunTask')
    )
    .sort((a, b) => a.ts - b.ts);
  return runs.map(({ ts, dur = 0, tdur = 0 }) => {
    while (next < samples.length && samples[next].ts < ts) {
      next += 1;
    }
    let oursUs = 0;
    let isOurs = false;
    for (
      let at = next;
      at < samples.length && samples[at].ts < ts + dur;
      at++
    ) {
      if (samples[at].isOurs) {
        isOurs = true;
        oursUs += samples[at].us;
      }
    }
    return {
      atMs: (ts - runs[0].ts) / 1000,
      ms: dur / 1000,
      cpuMs: tdur / 1000,
      isOurs,
      oursMs: oursUs / 1000
    };
  });
}

/**
 * @param {readonly ITraceEvent[]} events
 * @returns {{ pid: number, tid: number }} where the page's scripts ran: the
 *   renderer's main thread that was busy longest
 */
function mainThread(events) {
  /** @type {Map<string, { pid: number, tid: number, us: number }>} */
  const threads = new Map();
  for (const { name, pid, tid, args } of events) {
    if (name === 'thread_name' && args?.name === 'CrRendererMain') {
      threads.set(`${pid} ${tid}`, { pid, tid, us: 0 });
    }
  }
  for (const { pid, tid, dur = 0 } of events) {
    const thread = threads.get(`${pid} ${tid}`);
    if (thread) {
      thread.us += dur;
    }
  }
  const [busiest] = [...threads.values()].sort((a, b) => b.us - a.us);
  return busiest;
}

/**
 * @param {readonly ITraceEvent[]} events
 * @param {number} pid
 * @param {string} ours
 * @returns {{ ts: number, us: number, isOurs: boolean }[]} by time
 */
function readSamples(events, pid, ours) {
  /** @type {Map<string, { ts: number, nodes: Map<number, boolean> }>} */
  const profiles = new Map();
  /** @type {{ ts: number, us: number, isOurs: boolean }[]} */
  const samples = [];
  const chunks = events
    .filter(
      event =>
        event.pid === pid &&
        (event.name === 'Profile' || event.name === 'ProfileChunk')
    )
    .sort((a, b) => a.ts - b.ts);
  for (const { id = '', args } of chunks) {
    const data = args?.data ?? {};
    /** @type {Map<number, boolean>} */
    const none = new Map();
    const profile = profiles.get(id) ?? { ts: 0, nodes: none };
    profiles.set(id, profile);
    profile.ts = data.startTime ?? profile.ts;
    for (const node of data.cpuProfile?.nodes ?? []) {
      const isInOurs = node.callFrame.url?.includes(ours) ?? false;
      const isBelowOurs = profile.nodes.get(node.parent ?? -1) === true;
      profile.nodes.set(node.id, isInOurs || isBelowOurs);
    }
    const deltas = data.timeDeltas ?? [];
    data.cpuProfile?.samples?.forEach((nodeId, at) => {
      const us = deltas[at] ?? 0;
      profile.ts += us;
      const isOurs = profile.nodes.get(nodeId) ?? false;
      samples.push({ ts: profile.ts, us, isOurs });
    });
  }
  return samples.sort((a, b) => a.ts - b.ts);
}
