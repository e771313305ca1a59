/**
 * Reads and writes the wire format: two characters that name the strategy, a
 * newline, and the body.
 */

import { DeserializationError, SerializationError } from '../errors.js';
import type { IPickleLimits } from '../pickle/limits.js';
import { loads } from '../pickle/reader.js';
import { PyTuple } from '../pickle/values.js';
import { Allowlist } from './allowlist.js';
import { decodeBase64 } from './base64.js';
import { packBuffers, unpackBuffers } from './buffers.js';
import { readFunction } from './codereader.js';
import { reasonOf, writeForm } from './forms.js';
import { FunctionSource } from './functionsource.js';
import { parseJson } from './json.js';
import { KernelRequired } from './kernelrequired.js';
import { OpaqueValue } from './opaque.js';
import {
  selectStrategy,
  StrategyError,
  type StrategyId,
  strategyOf
} from './strategies.js';

/**
 * How data is written: `00` pickle, `11` JSON, `13` both.
 */
export type DataStrategy = '00' | '11' | '13';

/**
 * How functions are written. All but `01`, which needs a kernel, are written
 * from source text.
 */
export type CodeStrategy = '01' | '03' | '04' | '10' | '12' | 'sd' | 'st';

/**
 * How a serializer writes and reads.
 */
export interface ISerializerOptions {
  /** How data is written; `00` unless given. */
  dataStrategy?: DataStrategy;

  /** How functions are written; `st` unless given. */
  codeStrategy?: CodeStrategy;

  /**
   * Which strategies may be read, by id, class name, import path or
   * AllowlistWildcard; all unless given.
   */
  allowedDeserializers?: readonly string[];

  /** What one pickle may cost to read. */
  limits?: Partial<IPickleLimits>;

  /** Give floats of integral value as PyFloat, to tell `1.0` from `1`. */
  keepFloats?: boolean;
}

/** Two characters and a newline. */
const HEADER_LENGTH = 3;

/** Function, positional and keyword arguments. */
const TASK_BUFFERS = 3;

/**
 * The counterpart of the Python SDK's class of that name. It never executes
 * what it reads.
 */
export class ComputeSerializer {
  /**
   * @param options - How to write and read.
   * @throws StrategyError when a strategy is not known or is of the wrong
   * kind, or the allowlist is not as it should be.
   */
  constructor(options: ISerializerOptions = {}) {
    this._options = options;
    this._dataStrategy = options.dataStrategy ?? '00';
    this._codeStrategy = options.codeStrategy ?? 'st';
    requireKind(this._dataStrategy, false);
    requireKind(this._codeStrategy, true);
    this._allowlist = new Allowlist(options.allowedDeserializers);
  }

  /**
   * Write a value by the first strategy that can.
   *
   * @param value - A plain value or a FunctionSource.
   * @param strategies - Ids, class names or import paths; `00` and `01`, the
   * Python SDK's defaults, when there are none.
   * @throws SerializationError when none can.
   */
  static serializeFromList(
    value: unknown,
    strategies: readonly string[] = []
  ): string {
    const forCode = value instanceof FunctionSource;
    const failures: string[] = [];
    for (const name of strategies.length > 0 ? strategies : ['00', '01']) {
      try {
        const { id } = selectStrategy(name);
        requireKind(id, forCode);
        return writeForm(value, id);
      } catch (error) {
        failures.push(reasonOf(error));
      }
    }
    throw new SerializationError(
      `All strategies failed. ${failures.join(' ')}`
    );
  }

  /**
   * Write a value; a FunctionSource by the strategy for code, any other by
   * that for data.
   *
   * @returns Header and body.
   * @throws SerializationError when it is no plain value.
   * @throws KernelRequired when the strategy for code is `01`.
   */
  serialize(value: unknown): string {
    const forCode = value instanceof FunctionSource;
    return writeForm(value, forCode ? this._codeStrategy : this._dataStrategy);
  }

  /**
   * Write a Python function from its source.
   *
   * @throws SerializationError when the name does not fit the source.
   * @throws KernelRequired when the strategy for code is `01`.
   */
  serializeFunction(name: string, source: string): string {
    return this.serialize(new FunctionSource(name, source));
  }

  /**
   * Read a value. A function becomes a FunctionSource: it is not run.
   *
   * @param text - Header and body.
   * @throws DeserializationError when the text is malformed, its header is not
   * known, or the allowlist does not hold its strategy.
   * @throws KernelRequired when it is a function in a form that only Python
   * reads.
   */
  deserialize(text: string): unknown {
    if (text[HEADER_LENGTH - 1] !== '\n') {
      throw new DeserializationError('The text has no header.');
    }
    const header = text.slice(0, HEADER_LENGTH - 1);
    const strategy = strategyOf(header);
    if (!strategy) {
      throw new DeserializationError(
        `The header "${header}" is not known to this version of the SDK.`
      );
    }
    this._allowlist.check(strategy);
    const body = text.slice(HEADER_LENGTH);
    return strategy.forCode
      ? readFunction(strategy, body)
      : this._readData(strategy.id, body);
  }

  /**
   * Read a value; what cannot be read becomes an OpaqueValue that says why.
   */
  deserializeSafely(text: string): unknown {
    try {
      return this.deserialize(text);
    } catch (error) {
      const header = text.slice(0, HEADER_LENGTH - 1);
      return new OpaqueValue(
        header,
        error instanceof KernelRequired
          ? `function not decoded here: ${error.reason}`
          : `a value not decoded here: ${reasonOf(error)}`
      );
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
   * Read what a worker is sent: function, positional and keyword arguments,
   * packed into one text.
   *
   * @throws DeserializationError when there are more or fewer, or one is
   * malformed.
   * @throws KernelRequired when only Python can read the function.
   */
  unpackAndDeserialize(packed: string): [unknown, unknown, unknown] {
    const values = unpackBuffers(packed).map(text => this.deserialize(text));
    if (values.length !== TASK_BUFFERS) {
      throw new DeserializationError(
        `A task has ${TASK_BUFFERS} buffers: function, arguments and keyword ` +
          `arguments. This one has ${values.length}.`
      );
    }
    return [values[0], values[1], values[2]];
  }

  /**
   * Write a function and arguments and read them again, to learn before a
   * submission whether they travel.
   *
   * @param code - The function's name and source.
   * @param args - Positional arguments.
   * @param kwargs - Keyword arguments.
   * @returns The function as a FunctionSource, and the arguments as they would
   * arrive.
   * @throws SerializationError when something cannot be written.
   * @throws DeserializationError when something cannot be read again.
   */
  checkStrategies(
    code: { name: string; source: string },
    args: readonly unknown[] = [],
    kwargs: Record<string, unknown> = {}
  ): [unknown, unknown, unknown] {
    return this.unpackAndDeserialize(
      packBuffers([
        this.serializeFunction(code.name, code.source),
        this.serialize(PyTuple.from(args)),
        this.serialize(kwargs)
      ])
    );
  }

  private _readData(id: StrategyId, body: string): unknown {
    switch (id) {
      case '00':
        return loads(decodeBase64(body), this._options);
      case '11':
        return parseJson(body);
      default:
        return this._firstReadable(unpackBuffers(body));
    }
  }

  /** As in Python, the allowlist is for the whole, not for its forms. */
  private _firstReadable(buffers: readonly string[]): unknown {
    for (const text of buffers) {
      const id = text.slice(0, HEADER_LENGTH - 1);
      // A form that is itself `13` would let a text nest without bounds.
      if (id === '00' || id === '11') {
        try {
          return this._readData(id, text.slice(HEADER_LENGTH));
        } catch (error) {
          if (!(error instanceof DeserializationError)) {
            throw error;
          }
        }
      }
    }
    throw new DeserializationError('No form of the value can be read.');
  }

  private readonly _allowlist: Allowlist;
  private readonly _codeStrategy: CodeStrategy;
  private readonly _dataStrategy: DataStrategy;
  private readonly _options: ISerializerOptions;
}

/**
 * @throws StrategyError when a strategy is for the other kind.
 */
function requireKind(id: string, forCode: boolean): void {
  const { className, forCode: isForCode } = selectStrategy(id);
  if (isForCode !== forCode) {
    const [kind, other] = isForCode ? ['code', 'data'] : ['data', 'code'];
    throw new StrategyError(
      `${className} is a strategy for ${kind}. Give one for ${other}.`
    );
  }
}
