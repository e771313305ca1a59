/**
 * Reads results, with code that is loaded with the first of them.
 */

import { NetworkError } from './errors.js';
import type { ComputeSerializer } from './serialize/serializer.js';
import { ShellResult } from './shellresult.js';

/** Turns a serialized result into a value; never throws. */
export type Decode = (serialized: string) => unknown;

/**
 * Reads results. What reads pickles is a third of the SDK, and whoever only
 * looks at a page needs none of it.
 */
export class ResultDecoder {
  /**
   * @param serializer - Reads the results; one of its own unless given.
   */
  constructor(serializer?: ComputeSerializer) {
    this._serializer = serializer && Promise.resolve(serializer);
  }

  /**
   * Be ready to read. To be called before a result is asked for, because a
   * service may hand it out only once.
   *
   * @throws NetworkError when the code cannot be loaded; the next time it is
   * tried again.
   */
  async load(): Promise<Decode> {
    this._serializer ??= loadSerializer();
    try {
      const serializer = await this._serializer;
      return text => ShellResult.revive(serializer.deserializeSafely(text));
    } catch {
      this._serializer = undefined;
      throw new NetworkError(
        'The part of the SDK that reads results could not be loaded. Check ' +
          'the network, then try again.',
        { code: 'UNREACHABLE', neverSent: true }
      );
    }
  }

  private _serializer: Promise<ComputeSerializer> | undefined;
}

async function loadSerializer(): Promise<ComputeSerializer> {
  const { ComputeSerializer } = await import('./serialize/serializer.js');
  return new ComputeSerializer();
}
