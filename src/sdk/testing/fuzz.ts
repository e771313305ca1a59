/**
 * Pickles that nobody wrote: mutants of good ones, the same on every run.
 */

/**
 * A small linear congruential generator.
 *
 * @param seed - Equal seeds give equal numbers.
 * @returns Gives an integer from 0 to below a bound.
 */
export function randomIntegers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * Change a pickle in one to three places: set, insert, remove, repeat or move
 * bytes, cut it short, or continue with the end of another.
 *
 * @param seeds - Good pickles.
 * @param random - See {@link randomIntegers}.
 */
export function mutate(
  seeds: readonly Uint8Array[],
  random: (below: number) => number
): Uint8Array {
  let bytes = Array.from(seeds[random(seeds.length)]);
  for (let change = random(3); change >= 0; change--) {
    const at = random(bytes.length + 1);
    const size = 1 + random(8);
    switch (random(12)) {
      case 0:
        bytes.splice(at, 0, random(256));
        break;
      case 1:
        bytes.splice(at, size);
        break;
      case 2:
        bytes.splice(at, 0, ...bytes.slice(at, at + size));
        break;
      case 3:
        bytes = bytes.slice(0, Math.max(1, at));
        break;
      case 4: {
        const other = seeds[random(seeds.length)];
        const tail = other.subarray(random(other.length));
        bytes = [...bytes.slice(0, at), ...tail];
        break;
      }
      default:
        bytes[Math.min(at, bytes.length - 1)] = random(256);
    }
  }
  return Uint8Array.from(bytes);
}
