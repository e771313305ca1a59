import { request } from '@playwright/test';

import { servers } from './server';

/**
 * Sign in to the JupyterLabs of the tests once, as a person does who follows
 * the link with the token. Every test starts with the cookies this leaves, so
 * that Jupyter's own protection against forged requests stays in force.
 */
export default async function signIn(): Promise<void> {
  const token = process.env.GLOBUS_COMPUTE_UI_TEST_TOKEN ?? '';
  for (const { port, storageState } of servers()) {
    const context = await request.newContext({
      baseURL: `http://127.0.0.1:${port}`
    });
    const response = await context.get('/lab', { params: { token } });
    if (!response.ok()) {
      throw new Error(
        `JupyterLab answered ${response.status()} when the tests signed in: ` +
          'look at its log above and run the tests again.'
      );
    }
    await context.storageState({ path: storageState });
    await context.dispose();
  }
}
