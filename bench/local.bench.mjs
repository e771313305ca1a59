import { median } from '../scripts/lib/bench.mjs';
import { inRoot, venvCommand } from '../scripts/lib/paths.mjs';
import { run as runCommand } from '../scripts/lib/process.mjs';

export const description =
  'the local service beside ProcessPoolEngine, dask.distributed and ipyparallel';

/** How much faster than each peer the service must be, per task. */
const leads = {
  ProcessPoolEngine: 1.5,
  'dask.distributed': 5,
  ipyparallel: 5
};

/**
 * As soon as without sharing, but for what other programs do to a machine
 * while two long tasks sleep.
 */
const mixLimit = 1.05;

/**
 * What the scripts in `local/` print; each can be run by itself.
 *
 * @typedef {object} IRates
 * @property {number[]} tasks_per_s - of each round
 * @property {number[]} [service_and_client_cpu_ms_per_task] - of each round
 */

/** @typedef {Record<string, IRates>} IThroughput */

/**
 * @typedef {object} ILatency
 * @property {number} cold_start_median_s
 * @property {number} one_task_median_ms
 * @property {number} one_task_p95_ms
 */

/**
 * @typedef {object} IMix
 * @property {number} sharing_median_s
 * @property {number} no_sharing_median_s
 * @property {number} ratio
 */

/**
 * @typedef {object} ISoak
 * @property {number} tasks
 * @property {number} tasks_per_s
 * @property {number} service_peak_mib
 * @property {number} service_cpu_us_per_task_first_tenth
 * @property {number} service_cpu_us_per_task_last_tenth
 * @property {number} last_to_first
 */

/** @typedef {import('../scripts/lib/bench.mjs').IReport} IReport */

/**
 * @param {import('../scripts/lib/bench.mjs').IBenchOptions} options
 * @returns {Promise<IReport>}
 */
export async function run({ soak }) {
  const parts = [
    throughputReport(
      /** @type {IThroughput} */ (await python('throughput.py'))
    ),
    latencyReport(/** @type {ILatency} */ (await python('latency.py'))),
    mixReport(/** @type {IMix} */ (await python('mix.py')))
  ];
  if (soak) {
    parts.push(soakReport(/** @type {ISoak} */ (await python('soak.py'))));
  }
  return {
    tables: parts.flatMap(part => part.tables),
    requirements: parts.flatMap(part => part.requirements),
    figures: Object.fromEntries(
      parts.flatMap(part => Object.entries(part.figures))
    )
  };
}

/**
 * @param {IThroughput} rounds
 * @returns {IReport}
 */
function throughputReport(rounds) {
  const rates = Object.fromEntries(
    Object.entries(rounds).map(([name, figures]) => [
      name,
      median(figures.tasks_per_s)
    ])
  );
  const service = rates['local service'];
  const cpuMs = median(
    rounds['local service'].service_and_client_cpu_ms_per_task ?? []
  );
  return {
    tables: [
      {
        title: 'Empty tasks, 2 workers',
        columns: ['', 'tasks/s', 'service is faster by'],
        rows: Object.entries(rates).map(([name, rate]) => [
          name,
          Math.round(rate),
          service / rate
        ])
      }
    ],
    requirements: [
      ...Object.entries(leads).map(([name, lead]) => ({
        name: `time for an empty task through the service beside ${name}`,
        value: rates[name] / service,
        limit: 1 / lead,
        unit: `times ${name}`
      })),
      {
        name: 'CPU of the service and its client for an empty task',
        value: cpuMs,
        limit: 0.2,
        unit: 'ms'
      }
    ],
    figures: { tasksPerSecond: rates, cpuMsPerTask: cpuMs }
  };
}

/**
 * @param {ILatency} latency
 * @returns {IReport}
 */
function latencyReport(latency) {
  return {
    tables: [
      {
        title: 'One empty task, submission to result',
        columns: ['', 'ms'],
        rows: [
          ['median', latency.one_task_median_ms],
          ['95th percentile', latency.one_task_p95_ms]
        ]
      }
    ],
    requirements: [
      {
        name: 'one empty task, submission to result through push, median',
        value: latency.one_task_median_ms,
        limit: 10,
        unit: 'ms'
      },
      {
        name: 'cold start until a submission is accepted, median',
        value: latency.cold_start_median_s,
        limit: 2,
        unit: 's'
      }
    ],
    figures: { latency }
  };
}

/**
 * @param {IMix} mix
 * @returns {IReport}
 */
function mixReport(mix) {
  return {
    tables: [
      {
        title: 'Tasks of 1 ms and of 10 s in one batch',
        columns: ['a worker holds', 's'],
        rows: [
          ['several tasks', mix.sharing_median_s],
          ['one task', mix.no_sharing_median_s]
        ]
      }
    ],
    requirements: [
      {
        name: 'a mix of 1 ms and 10 s tasks, several in a hand beside one',
        value: mix.ratio,
        limit: mixLimit,
        unit: 'times'
      }
    ],
    figures: { mix }
  };
}

/**
 * @param {ISoak} soak
 * @returns {IReport}
 */
function soakReport(soak) {
  return {
    tables: [
      {
        title: `Soak, ${soak.tasks} tasks`,
        columns: ['', 'first tenth', 'last tenth'],
        rows: [
          [
            'CPU of the service, µs/task',
            soak.service_cpu_us_per_task_first_tenth,
            soak.service_cpu_us_per_task_last_tenth
          ]
        ]
      }
    ],
    requirements: [
      {
        name: 'peak memory of the service',
        value: soak.service_peak_mib,
        limit: 400,
        unit: 'MiB'
      },
      {
        name: 'CPU for a task, last tenth beside the first',
        value: soak.last_to_first,
        limit: 1.3,
        unit: 'times'
      }
    ],
    figures: { soak }
  };
}

/**
 * @param {string} script - in `local/`
 * @returns {Promise<unknown>} what it reports
 */
async function python(script) {
  const { code, output } = await runCommand(venvCommand('python'), [
    inRoot('bench', 'local', script)
  ]);
  const line = output.split('\n').findLast(text => text.startsWith('{'));
  if (code !== 0 || line === undefined) {
    throw new Error(`${script} failed (${code}):\n${output}`);
  }
  /** @type {unknown} */
  const report = JSON.parse(line);
  return report;
}
