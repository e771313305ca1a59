/**
 * Whether versions fit together.
 */

import { ComputeError } from './errors.js';

/**
 * The Python SDK whose requests this one sends.
 */
export const COMPATIBLE_SDK_VERSION = '4.19.0';

/**
 * This SDK, or an endpoint, is older than the service accepts.
 */
export class VersionMismatch extends ComputeError {
  /**
   * @param what - What is too old, e.g. `globus-compute-endpoint`.
   * @param version - The version it has.
   * @param minVersion - The oldest version the service accepts.
   */
  constructor(what: string, version: string, minVersion: string) {
    super(
      `The version of ${what} is ${version}, and the service accepts ` +
        `${minVersion} or newer. Update it.`,
      { code: 'VERSION_MISMATCH' }
    );
    this.version = version;
    this.minVersion = minVersion;
  }

  /** The version there is. */
  readonly version: string;

  /** The oldest version the service accepts. */
  readonly minVersion: string;

  /** Name of the class; minifiers leave it as it is. */
  override name = 'VersionMismatch';
}

/**
 * Check one version against the oldest accepted, after the Python SDK's
 * `compare_versions`: development releases pass.
 *
 * @param what - What has the version, for the message.
 * @param version - The version it has (PEP 440).
 * @param minVersion - The oldest version accepted.
 * @throws VersionMismatch when it is older, or no version at all.
 */
export function requireVersion(
  what: string,
  version: string,
  minVersion: string
): void {
  if (/\.dev\d*/.test(version)) {
    return;
  }
  const [have, want] = [release(version), release(minVersion)];
  if (!have || (want && isOlder(have, want))) {
    throw new VersionMismatch(what, version, minVersion);
  }
}

/**
 * The numbers of a version; a pre-release, e.g. `3.0.0a1`, comes before its
 * release.
 */
function release(version: string): number[] | undefined {
  const match = /^v?(\d+(?:\.\d+)*)(?:(a|b|rc)\d+)?/.exec(version.trim());
  if (!match) {
    return undefined;
  }
  const numbers = match[1].split('.').map(Number);
  while (numbers.length < 4) {
    numbers.push(0);
  }
  return [...numbers.slice(0, 4), match.at(2) === undefined ? 0 : -1];
}

function isOlder(have: readonly number[], want: readonly number[]): boolean {
  const at = have.findIndex((number, i) => number !== want[i]);
  return at >= 0 && have[at] < want[at];
}
