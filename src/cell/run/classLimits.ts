import type { IBridgeStep } from '../../kernel/step';
import type { IClassRules } from '../../tokens';
import { RefusedError } from '../explain';

/**
 * Make sure that a step is within what the class allows. The gateway and the
 * service of this computer count for themselves; this says it before anything
 * is registered or sent.
 *
 * @param sent - How many tasks this run of the cell has sent already.
 * @throws RefusedError
 */
export function checkClassLimits(
  { tasks }: Pick<IBridgeStep, 'tasks'>,
  { content, file }: Pick<IClassRules, 'content' | 'file'>,
  sent: number
): void {
  const { tasks: limit, payloadBytes } = content.limits ?? {};
  const used = file.tasks + sent;
  if (limit !== undefined && used + tasks.length > limit) {
    throw new RefusedError(
      `The class "${content.title}" allows ${limit} tasks for each student; ${used} were submitted before, and this cell has ${tasks.length}. ` +
        `Nothing was sent. Submit fewer, or ask ${content.contact ?? 'your teacher'} for more.`
    );
  }
  for (const { payload, label } of payloadBytes === undefined ? [] : tasks) {
    // Payloads are base64 and ASCII: characters are bytes.
    if (payload.length > (payloadBytes ?? Infinity)) {
      throw new RefusedError(
        `The arguments of ${label} are ${payload.length} bytes, and the class "${content.title}" allows ${payloadBytes}. ` +
          'Nothing was sent. Pass less to each call.'
      );
    }
  }
}
