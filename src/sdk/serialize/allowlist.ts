/**
 * Which strategies a serializer may read.
 */

import { DeserializationError } from '../errors.js';
import {
  type IStrategy,
  selectStrategy,
  STRATEGIES,
  StrategyError
} from './strategies.js';

/**
 * Values that stand for all strategies of a kind.
 *
 * @see globus_compute_sdk/serialize/facade.py, `AllowlistWildcard`
 */
export const AllowlistWildcard = {
  /** All strategies for code. */
  CODE: 'globus_compute_sdk.*Code',

  /** All strategies for data. */
  DATA: 'globus_compute_sdk.*Data'
} as const;

/**
 * The strategies that may be read.
 */
export class Allowlist {
  /**
   * @param names - Ids, class names or import paths of strategies, or
   * wildcards: at least one for code and one for data, and no strategy beside
   * the wildcard of its kind. None at all allows everything.
   * @throws StrategyError when the names are not so.
   */
  constructor(names: readonly string[] = []) {
    if (names.length > 0) {
      this._allowed = parse(names);
    }
  }

  /**
   * @throws DeserializationError when a strategy may not be read. As in the
   * Python SDK, what a combined strategy holds is not looked at.
   */
  check(strategy: IStrategy): void {
    if (!this._allowed || this._allowed.has(strategy)) {
      return;
    }
    const kind = strategy.forCode ? 'Code' : 'Data';
    const payload = strategy.forCode ? 'function' : 'arguments';
    const names = [...this._allowed].map(allowed => allowed.className).sort();
    throw new DeserializationError(
      `${kind} serializer ${strategy.className} is disabled here. Serialize ` +
        `the ${payload} with one that is allowed: ${names.join(', ')}.`
    );
  }

  private readonly _allowed?: ReadonlySet<IStrategy>;
}

function parse(names: readonly string[]): Set<IStrategy> {
  const wildcards: string[] = Object.values(AllowlistWildcard);
  const allowed = new Set(
    names.filter(name => !wildcards.includes(name)).map(selectStrategy)
  );
  const specific = [...allowed];
  for (const wildcard of names.filter(name => wildcards.includes(name))) {
    const forCode = wildcard === AllowlistWildcard.CODE;
    if (specific.some(strategy => strategy.forCode === forCode)) {
      throw new StrategyError(
        `An allowlist cannot hold both ${wildcard} and strategies of that ` +
          'kind. Leave out one or the other.'
      );
    }
    STRATEGIES.filter(
      strategy => strategy.isSelectable && strategy.forCode === forCode
    ).forEach(strategy => allowed.add(strategy));
  }
  if (new Set([...allowed].map(strategy => strategy.forCode)).size !== 2) {
    throw new StrategyError(
      'An allowlist must hold at least one strategy for code and one for data.'
    );
  }
  return allowed;
}
