/**
 * The TypeScript SDK with the local service: run a function that somebody
 * else registered, and register one for somebody else to run. Prints JSON.
 *
 * Arguments: the SDK's module, the service's address, the endpoint's id and
 * the function's id. The token comes in the environment, where nobody sees it.
 */
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [module, baseUrl, endpointId, theirs] = process.argv.slice(2);
const { Client, ResultPoller, StaticTokenLoginManager } = await import(
  pathToFileURL(module).href
);

const client = new Client({
  baseUrl,
  loginManager: new StaticTokenLoginManager(process.env.COMPUTE_TOKEN ?? '')
});
const taskId = await client.run({
  functionId: theirs,
  endpointId,
  args: [4],
  kwargs: { words: ['größe', '😀'] }
});
await new ResultPoller(client).watch([taskId], () => undefined);
const result = await client.getResult(taskId);

const functionId = await client.registerFunction({
  name: 'shout',
  source: 'def shout(text, times=1):\n    return [text.upper()] * times'
});
process.stdout.write(
  JSON.stringify({ result: Object.fromEntries(result), functionId })
);
