/**
 * The provider as a process of its own, for tests that are not in JavaScript.
 */

import type { Writable } from 'node:stream';

import { COMPUTE_CLIENT, PROGRAM_CLIENT } from './accounts.js';
import { ControlDoor } from './control.js';
import { TestProvider } from './provider.js';

/**
 * Start the provider, and say in one JSON line where it is.
 *
 * @param output - Where the line goes.
 * @param redirectUris - Pages that may get codes.
 */
export async function main(
  output: Writable,
  redirectUris: readonly string[]
): Promise<void> {
  const provider = await TestProvider.start({ redirectUris });
  const control = await new ControlDoor(provider).start();
  output.write(
    `${JSON.stringify({
      url: provider.issuer.issuer,
      control,
      computeClient: COMPUTE_CLIENT,
      programClient: PROGRAM_CLIENT
    })}\n`
  );
}
