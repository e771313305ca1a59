/**
 * The serialization strategies of the Python SDK.
 */

import { ComputeError } from '../errors.js';

/**
 * The characters that name a strategy at the head of a serialized text.
 */
export type StrategyId =
  '00' | '01' | '02' | '03' | '04' | '10' | '11' | '12' | '13' | 'sd' | 'st';

/**
 * A strategy.
 */
export interface IStrategy {
  /** What names it on the wire. */
  readonly id: StrategyId;

  /** Name of the class in the Python SDK. */
  readonly className: string;

  /** Whether it is for functions; else it is for data. */
  readonly forCode: boolean;

  /**
   * Whether it may be chosen; `02` is only there to read what very old
   * clients wrote.
   */
  readonly isSelectable: boolean;
}

/**
 * Every strategy the Python SDK reads or writes.
 *
 * @see globus_compute_sdk/serialize/concretes.py
 */
export const STRATEGIES: readonly IStrategy[] = [
  strategy('00', 'DillDataBase64', false),
  strategy('11', 'JSONData', false),
  strategy('13', 'AllDataStrategies', false),
  strategy('01', 'DillCode', true),
  strategy('02', 'PickleCode', true, false),
  strategy('03', 'DillCodeTextInspect', true),
  strategy('04', 'DillCodeSource', true),
  strategy('10', 'CombinedCode', true),
  strategy('12', 'AllCodeStrategies', true),
  strategy('sd', 'PureSourceDill', true),
  strategy('st', 'PureSourceTextInspect', true)
];

/** Where the Python SDK has its classes; users import from the first. */
const MODULES = [
  'globus_compute_sdk.serialize.',
  'globus_compute_sdk.serialize.concretes.'
];

/**
 * A strategy is not known, or does not fit where it is used.
 */
export class StrategyError extends ComputeError {
  /** Name of the class; minifiers leave it as it is. */
  override name = 'StrategyError';
}

/**
 * The strategy of a header; `undefined` when there is none.
 */
export function strategyOf(id: string): IStrategy | undefined {
  return STRATEGIES.find(known => known.id === id);
}

/**
 * A strategy that may be chosen.
 *
 * @param name - Its id, the name of its class, or the class's import path.
 * @throws StrategyError when there is none of that name.
 */
export function selectStrategy(name: string): IStrategy {
  const module = MODULES.findLast(prefix => name.startsWith(prefix)) ?? '';
  const className = name.slice(module.length);
  const found = STRATEGIES.find(
    known =>
      known.isSelectable && (known.id === name || known.className === className)
  );
  if (!found) {
    throw new StrategyError(
      `"${name}" is not a known serialization strategy. Give an id such as ` +
        '"st", or the import path of a strategy of globus_compute_sdk.'
    );
  }
  return found;
}

function strategy(
  id: StrategyId,
  className: string,
  forCode: boolean,
  isSelectable = true
): IStrategy {
  return { id, className, forCode, isSelectable };
}
