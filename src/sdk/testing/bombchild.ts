/**
 * Reads one bomb, in a process of its own that has little memory.
 */

import { DeserializationError } from '../errors.js';
import { describe } from '../pickle/describe.js';
import { loads } from '../pickle/reader.js';
import { BOMBS } from './bombs.js';

/** What became of a bomb. */
export interface IBombOutcome {
  /** `read`, `refused`, or the error there should not be. */
  readonly outcome: string;
  readonly timeMs: number;
  /** Memory beside what the process had before. */
  readonly addedBytes: number;
}

const pickle = BOMBS[process.argv[2]]();
const before = process.memoryUsage().rss;
const startMs = performance.now();
const startCpu = process.cpuUsage();
let outcome = 'read';
try {
  describe(loads(pickle));
} catch (error) {
  outcome = error instanceof DeserializationError ? 'refused' : String(error);
}
const result: IBombOutcome = {
  outcome,
  // Whichever is less: others may keep the processor busy, and collecting
  // garbage may keep several busy for us.
  timeMs: Math.min(performance.now() - startMs, cpuMs()),
  // In KiB, whatever the system.
  addedBytes: process.resourceUsage().maxRSS * 1024 - before
};
process.stdout.write(JSON.stringify(result));

function cpuMs(): number {
  const { user, system } = process.cpuUsage(startCpu);
  return (user + system) / 1000;
}
