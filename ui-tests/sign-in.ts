import path from 'node:path';

import type { FullConfig } from '@playwright/test';
import { request } from '@playwright/test';

/**
 * Sign in to the JupyterLab of the tests once, as a person does who follows
 * the link with the token. Every test starts with the cookies this leaves, so
 * that Jupyter's own protection against forged requests stays in force.
 *
 * @param config - its first project's `baseURL` is the server's address
 */
export default async function signIn(config: FullConfig): Promise<void> {
  const token = process.env.GLOBUS_COMPUTE_UI_TEST_TOKEN ?? '';
  const home = process.env.GLOBUS_COMPUTE_UI_TEST_HOME ?? '';
  const context = await request.newContext({
    baseURL: config.projects[0]?.use.baseURL
  });
  const response = await context.get('/lab', { params: { token } });
  if (!response.ok()) {
    throw new Error(
      `JupyterLab answered ${response.status()} when the tests signed in: ` +
        'look at its log above and run the tests again.'
    );
  }
  await context.storageState({ path: path.join(home, 'signed-in.json') });
  await context.dispose();
}
