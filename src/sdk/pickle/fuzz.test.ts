// @vitest-environment node
import { describe as suite, expect, it } from 'vitest';

import { DeserializationError } from '../errors.js';
import { bytesOf, HAS_PYTHON, makeFixtures } from '../testing/fixtures.js';
import { mutate, randomIntegers } from '../testing/fuzz.js';
import { describe } from './describe.js';
import { loads } from './reader.js';

const MUTANTS = 300_000;

/** What one mutant may take. */
const TIME_LIMIT_MS = 50;

const SEED = 20_240_229;

/** Pickles up to this long are mutated: longer ones are more of the same. */
const MAX_SEED_BYTES = 600;

const { plain, rich, foreign, main } = makeFixtures();

const seeds = [...plain, ...rich, ...foreign]
  .flatMap(({ dill, protocols }) => [dill, ...protocols])
  .concat(main.pair)
  .filter(text => text !== null)
  .map(bytesOf)
  .filter(bytes => bytes.length <= MAX_SEED_BYTES);

/** What a pickle could have reached and changed. */
const PROTOTYPES = [
  Object.prototype,
  Array.prototype,
  Function.prototype,
  Map.prototype,
  Set.prototype,
  String.prototype,
  Uint8Array.prototype
];

const shapes = () =>
  PROTOTYPES.map(prototype => [
    ...Reflect.ownKeys(prototype).map(String),
    String(Object.getPrototypeOf(prototype) === null)
  ]);

/** Reads and describes; gives what was thrown, and the time in ms. */
function attempt(pickle: Uint8Array): [thrown: unknown, timeMs: number] {
  const startMs = performance.now();
  let thrown: unknown;
  try {
    describe(loads(pickle), { maxNodes: 100 });
  } catch (error) {
    thrown = error;
  }
  return [thrown, performance.now() - startMs];
}

/** The machine may have been busy with others: a slow reader is slow again. */
function isSlow(pickle: Uint8Array): boolean {
  return [1, 2, 3].every(() => attempt(pickle)[1] > TIME_LIMIT_MS);
}

suite.skipIf(!HAS_PYTHON)('mutated pickles', { timeout: 240_000 }, () => {
  it(`give a value or a DeserializationError: ${MUTANTS} of them`, () => {
    const before = shapes();
    const random = randomIntegers(SEED);
    let values = 0;
    for (let i = 0; i < MUTANTS; i++) {
      const pickle = mutate(seeds, random);
      const [thrown, timeMs] = attempt(pickle);
      const isExpected =
        thrown === undefined || thrown instanceof DeserializationError;
      if (!isExpected || (timeMs > TIME_LIMIT_MS && isSlow(pickle))) {
        const hex = Buffer.from(pickle).toString('hex');
        expect.fail(
          `mutant ${i} took ${timeMs} ms: ${hex} (${String(thrown)})`
        );
      }
      values += thrown === undefined ? 1 : 0;
    }
    expect(shapes()).toEqual(before);
    // A fuzz that is refused at the first byte tries nothing.
    expect(values).toBeGreaterThan(MUTANTS / 10);
    expect(values).toBeLessThan(MUTANTS);
  });
});
