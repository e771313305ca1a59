/**
 * A page that uses the SDK as an application does: it signs in, and runs
 * calls on the service it comes from.
 */
import {
  Client,
  ComputeError,
  COMPUTE_SCOPE,
  type IIssuer,
  OidcLoginManager
} from '../../../src/sdk/index.js';

/** What the server of the page says; see the test. */
export interface IPageSettings {
  clientId: string;
  codePage: string;
  issuer: IIssuer;
  functionId: string;
  endpointId: string;
}

const settings = (await (await fetch('/settings')).json()) as IPageSettings;

/** One manager for each place the issuer may send the code to. */
function managerFor(redirectUri: string): OidcLoginManager {
  const { clientId, issuer } = settings;
  const scope = `openid ${COMPUTE_SCOPE}`;
  return new OidcLoginManager({ clientId, redirectUri, issuer, scope });
}

const byPopup = managerFor(new URL('/callback.html', location.href).href);
const byRedirect = managerFor(new URL('/', location.href).href);
const byCode = managerFor(settings.codePage);
let manager = byPopup;

const button = (id: string) => document.querySelector<HTMLElement>(`#${id}`)!;
const status = document.querySelector('output')!;
const link = document.querySelector('a')!;
const pasted = document.querySelector('input')!;

/** Do something, and show how it ended. */
async function show(action: () => Promise<string>): Promise<void> {
  status.value = 'busy';
  try {
    status.value = await action();
  } catch (error) {
    const { code } = error as ComputeError;
    status.value = `${code ?? 'unexpected'}: ${String(error)}`;
    if (!(error instanceof ComputeError)) {
      throw error;
    }
  }
}

function onClick(id: string, action: () => Promise<string>): void {
  button(id).addEventListener('click', () => void show(action));
}

async function signedIn(): Promise<string> {
  const { sub } = await manager.getAuthClient().oauth2Userinfo();
  return `signed in as ${sub}`;
}

onClick('popup', async () => {
  manager = byPopup;
  await manager.signInWithPopup();
  return signedIn();
});

onClick('redirect', async () => {
  await byRedirect.signInWithRedirect();
  return 'leaving';
});

onClick('code', async () => {
  manager = byCode;
  const { url } = await manager.beginSignIn();
  link.href = url;
  link.textContent = 'Get a code';
  return 'waiting for a code';
});

onClick('finish', async () => {
  await manager.completeSignIn(pasted.value);
  return signedIn();
});

onClick('logout', async () => {
  await manager.logout();
  return 'signed out';
});

/** Calls, several at a time, until the test has seen enough. */
onClick('calls', async () => {
  button('calls').removeAttribute('data-enough');
  const { functionId, endpointId } = settings;
  const client = new Client({
    baseUrl: location.origin,
    loginManager: manager,
    rateLimit: false
  });
  const taskIds: string[] = [];
  while (!button('calls').hasAttribute('data-enough')) {
    const batch = client.createBatch();
    batch.add(functionId, [taskIds.length]);
    const receipts = await Promise.all([
      client.batchRun(endpointId, batch),
      client.run({ functionId, endpointId }),
      client.run({ functionId, endpointId })
    ]);
    const ids = receipts.flatMap(receipt =>
      typeof receipt === 'string' ? receipt : receipt.taskIds
    );
    const results = await client.getBatchResult(ids);
    taskIds.push(...results.keys());
  }
  return `results of ${taskIds.length} calls: ${taskIds.join(' ')}`;
});

await show(async () => {
  const cameBack = await byRedirect.completeRedirect();
  manager = cameBack ? byRedirect : manager;
  return cameBack ? signedIn() : 'signed out';
});
