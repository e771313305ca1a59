/**
 * Reads and writes the wire format: two characters that name the strategy, a
 * newline, and the body.
 */

import {
  ComputeError,
  DeserializationError,
  SerializationError
} from '../errors.js';
import type { SourceStrategy } from '../options.js';
import type { IPickleLimits } from '../pickle/limits.js';
import { loads } from '../pickle/reader.js';
import { PyTuple } from '../pickle/values.js';
import { dumps } from '../pickle/writer.js';
import { decodeBase64, encodeBase64 } from './base64.js';
import { packBuffers, unpackBuffers } from './buffers.js';
import { serializeSource } from './code.js';
import { jsonText, parseJson } from './json.js';
import { OpaqueValue } from './opaque.js';

/**
 * How data is written: `00` pickle, `11` JSON, `13` both.
 */
export type DataStrategy = '00' | '11' | '13';

/**
 * How a serializer writes and reads.
 */
export interface ISerializerOptions {
  /** How data is written; `00` unless given. */
  dataStrategy?: DataStrategy;

  /** How source is written; `st` unless given. */
  codeStrategy?: SourceStrategy;

  /** What one pickle may cost to read. */
  limits?: Partial<IPickleLimits>;

  /** Give floats of integral value as PyFloat, to tell `1.0` from `1`. */
  keepFloats?: boolean;
}

/** What the headers mean that cannot be decoded without Python. */
const CODE_HEADERS: Readonly<Record<string, string>> = {
  '01': 'as bytecode',
  '02': 'as a pickle',
  '03': 'as source',
  '04': 'as source',
  '10': 'in several forms',
  '12': 'in several forms',
  sd: 'as source',
  st: 'as source'
};

/** Two characters and a newline. */
const HEADER_LENGTH = 3;

/**
 * The counterpart of the Python SDK's class of that name. It never executes
 * what it reads.
 */
export class ComputeSerializer {
  /**
   * @param options - How to write and read.
   */
  constructor(options: ISerializerOptions = {}) {
    this._options = options;
  }

  /**
   * Write a value.
   *
   * @returns Header and body.
   * @throws SerializationError when it is no plain value.
   */
  serialize(value: unknown): string {
    switch (this._options.dataStrategy ?? '00') {
      case '00':
        return `00\n${encodeBase64(dumps(value))}`;
      case '11':
        return `11\n${jsonText(value)}`;
      case '13':
        return `13\n${packBuffers(everyForm(value))}`;
    }
  }

  /**
   * Write a Python function from its source.
   *
   * @throws SerializationError when the name does not fit the source.
   */
  serializeFunction(name: string, source: string): string {
    return serializeSource(name, source, this._options.codeStrategy ?? 'st');
  }

  /**
   * Read a value. Functions are not decoded: they become an OpaqueValue.
   *
   * @param text - Header and body.
   * @throws DeserializationError when the text is malformed, or its header
   * is not known.
   */
  deserialize(text: string): unknown {
    const header = text.slice(0, HEADER_LENGTH - 1);
    if (text[HEADER_LENGTH - 1] !== '\n') {
      throw new DeserializationError('The text has no header.');
    }
    const body = text.slice(HEADER_LENGTH);
    switch (header) {
      case '00':
        return loads(decodeBase64(body), this._options);
      case '11':
        return parseJson(body);
      case '13':
        return this._firstReadable(unpackBuffers(body));
      default:
        return opaqueFunction(header, body);
    }
  }

  /**
   * Read a value; what cannot be read becomes an OpaqueValue that says why.
   */
  deserializeSafely(text: string): unknown {
    try {
      return this.deserialize(text);
    } catch (error) {
      const reason = error instanceof ComputeError ? error.reason : 'unknown';
      const header = text.slice(0, HEADER_LENGTH - 1);
      return new OpaqueValue(header, `a value not decoded here: ${reason}`);
    }
  }

  /** Join serialized values into one text. */
  packBuffers(buffers: readonly string[]): string {
    return packBuffers(buffers);
  }

  /**
   * Take joined values apart.
   *
   * @throws DeserializationError when a length is malformed.
   */
  unpackBuffers(packed: string): string[] {
    return unpackBuffers(packed);
  }

  /**
   * Write a function and arguments and read them again, to learn before a
   * submission whether they travel.
   *
   * @param code - The function's name and source.
   * @param args - Positional arguments.
   * @param kwargs - Keyword arguments.
   * @returns The function as an OpaqueValue, and the arguments as they would
   * arrive.
   * @throws SerializationError when something cannot be written.
   * @throws DeserializationError when something cannot be read again.
   */
  checkStrategies(
    code: { name: string; source: string },
    args: readonly unknown[] = [],
    kwargs: Record<string, unknown> = {}
  ): [unknown, unknown, unknown] {
    const [fn, positional, keyword] = unpackBuffers(
      packBuffers([
        this.serializeFunction(code.name, code.source),
        this.serialize(PyTuple.from(args)),
        this.serialize(kwargs)
      ])
    ).map(buffer => this.deserialize(buffer));
    return [fn, positional, keyword];
  }

  private _firstReadable(buffers: readonly string[]): unknown {
    // A form that is itself `13` would let a text nest without bounds.
    for (const buffer of buffers.filter(text => !text.startsWith('13'))) {
      try {
        return this.deserialize(buffer);
      } catch (error) {
        if (!(error instanceof DeserializationError)) {
          throw error;
        }
      }
    }
    throw new DeserializationError('No form of the value can be read.');
  }

  private readonly _options: ISerializerOptions;
}

/** The value as JSON and as pickle, without the form it has no place in. */
function everyForm(value: unknown): string[] {
  const forms: string[] = [];
  const failures: string[] = [];
  const writers = [
    () => `11\n${jsonText(value)}`,
    () => `00\n${encodeBase64(dumps(value))}`
  ];
  for (const write of writers) {
    try {
      forms.push(write());
    } catch (error) {
      failures.push(error instanceof ComputeError ? error.reason : '');
    }
  }
  if (forms.length === 0) {
    throw new SerializationError(failures.join(' '));
  }
  return forms;
}

function opaqueFunction(header: string, body: string): OpaqueValue {
  if (!Object.hasOwn(CODE_HEADERS, header)) {
    throw new DeserializationError(
      `The header "${header}" is not known to this version of the SDK.`
    );
  }
  const named = header === 'st' || header === 'sd';
  const name = named ? ` ${body.slice(0, body.indexOf(':'))}` : '';
  return new OpaqueValue(header, `function${name} ${CODE_HEADERS[header]}`);
}
