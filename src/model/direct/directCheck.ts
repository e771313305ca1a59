import type { Client } from '../../sdk';
import type { ICheckStep } from '../../tokens';
import type { DirectLogin } from './directLogin';

/** How long the sample task may take, in milliseconds. */
const TASK_TIMEOUT_MS = 60_000;

/** What the sample task runs, and what it has to give. */
const SAMPLE = {
  name: 'check_connection',
  source: 'def check_connection():\n    return 42\n',
  result: 42
};

/** Tries something; gives what was found, in words for a person. */
type Trial = () => Promise<string>;

/**
 * Find out how far requests of this page to a service get. Of a step that
 * fails, those behind it are left out.
 *
 * @param endpoint - UUID of the endpoint to run a sample task on, if any.
 */
export async function checkDirectly(
  client: Client,
  login: Pick<DirectLogin, 'headers'>,
  endpoint: string | null
): Promise<ICheckStep[]> {
  const trials: [name: string, trial: Trial | null][] = [
    [
      'api',
      async () =>
        `The service answers: version ${(await client.getVersion()).api}.`
    ],
    [
      'version',
      async () => {
        await client.versionCheck();
        return 'The service accepts this version.';
      }
    ],
    [
      'token',
      async () => {
        await login.headers();
        await client.getEndpoints();
        return 'The service accepts the login.';
      }
    ],
    [
      'endpoint',
      endpoint === null ? null : () => endpointStatus(client, endpoint)
    ],
    ['task', endpoint === null ? null : () => sampleTask(client, endpoint)]
  ];
  const steps: ICheckStep[] = [];
  let hasFailed = false;
  for (const [name, trial] of trials) {
    const step: ICheckStep =
      trial === null
        ? skipped(name, 'No endpoint is known to try it on.')
        : hasFailed
          ? skipped(name, 'Not tried.')
          : await tried(name, trial);
    hasFailed ||= step.state === 'failed';
    steps.push(step);
  }
  return steps;
}

async function tried(name: string, trial: Trial): Promise<ICheckStep> {
  const started = performance.now();
  const since = (): number => performance.now() - started;
  try {
    const text = await trial();
    return { name, state: 'ok', text, advice: null, durationMs: since() };
  } catch (reason) {
    const text = reason instanceof Error ? reason.message : String(reason);
    return { name, state: 'failed', text, advice: null, durationMs: since() };
  }
}

function skipped(name: string, text: string): ICheckStep {
  return { name, state: 'skipped', text, advice: null, durationMs: 0 };
}

async function endpointStatus(
  client: Client,
  endpoint: string
): Promise<string> {
  const { status } = await client.getEndpointStatus(endpoint);
  if (status !== 'online') {
    throw new Error(`The endpoint is ${status}: tasks wait until it is back.`);
  }
  return 'The endpoint is online.';
}

async function sampleTask(client: Client, endpointId: string): Promise<string> {
  const { name, source } = SAMPLE;
  const functionId = await client.registerFunction({ name, source });
  const taskId = await client.run({ functionId, endpointId });
  let result: unknown;
  let failure: Error | undefined;
  try {
    await client.results.watch(
      [taskId],
      task => {
        result = task.result;
        failure = task.exception;
      },
      { signal: AbortSignal.timeout(TASK_TIMEOUT_MS) }
    );
  } catch (reason) {
    throw reason instanceof Error && reason.name === 'AbortError'
      ? new Error('The sample task did not end within a minute; it goes on.')
      : reason;
  }
  if (failure ?? result !== SAMPLE.result) {
    throw failure ?? new Error('The sample task gave another result.');
  }
  return 'A sample task ran.';
}
