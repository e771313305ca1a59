/**
 * Something a person has to put right. The message says what happened and what
 * to do next; it is shown as it is, without a stack.
 */
export class Failure extends Error {
  /**
   * @param {string} message - one line
   * @param {string} [output] - what the command that failed had printed
   */
  constructor(message, output = '') {
    super(message);
    this.name = 'Failure';
    this.output = output;
  }
}

/** Lines of a failed command's output that are shown. */
const shownLines = 60;

/** What ends a command from outside, and the exit code that says so. */
const interruptions = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * Run a command's main function. A {@link Failure} ends it with one clear
 * line.
 *
 * @param {() => Promise<number>} main - gives the exit code
 * @param {(code: number) => void} [onInterrupted] - called with the exit code
 *   that says so; exits at once, by default, which ends what is running
 */
export async function runMain(
  main,
  onInterrupted = code => process.exit(code)
) {
  for (const [signal, code] of Object.entries(interruptions)) {
    process.on(signal, () => {
      onInterrupted(code);
    });
  }
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Failure)) {
      throw error;
    }
    printFailure(error);
    process.exitCode = 1;
  }
}

/**
 * @param {Failure} failure
 */
export function printFailure(failure) {
  if (failure.output.trim()) {
    console.error(lastLines(failure.output));
  }
  console.error(failure.message);
}

/**
 * @param {string} output
 * @returns {string} the end of it, where the reason usually stands
 */
function lastLines(output) {
  const lines = output.trimEnd().split('\n');
  const left = lines.length - shownLines;
  return left > 0
    ? [`(${left} lines before)`, ...lines.slice(left)].join('\n')
    : lines.join('\n');
}
