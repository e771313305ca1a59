/**
 * Describes decoded values for people, in the manner of Python's `repr`.
 */

import { PyNamedTuple, PyOrderedDict } from './collections.js';
import { leafLiteral } from './leaves.js';
import { bytesLiteral, numberLiteral, textLiteral } from './literals.js';
import { PyNDArray, PyNumpyScalar } from './numpy.js';
import {
  PyByteArray,
  PyFrozenSet,
  PyObject,
  PyReference,
  PySlice,
  PyTuple
} from './values.js';

/**
 * How much to describe.
 */
export interface IDescribeOptions {
  /** Values shown before the rest is left out; 1000. */
  maxNodes?: number;

  /** Levels of nesting shown; 20. */
  maxDepth?: number;

  /** Characters or bytes shown of one text; 1000. */
  maxText?: number;
}

const ELLIPSIS = '…';

/**
 * Describe a value as Python would, within bounds whatever the value is. What
 * is left out is marked with `…`. The text is for people: show it as text.
 *
 * @param value - A decoded value, inert objects included.
 * @param options - How much to describe.
 */
export function describe(
  value: unknown,
  options: IDescribeOptions = {}
): string {
  return new Describer(options).describe(value);
}

class Describer {
  constructor(options: IDescribeOptions) {
    this._nodes = options.maxNodes ?? 1000;
    this._maxDepth = options.maxDepth ?? 20;
    this._maxText = options.maxText ?? 1000;
  }

  describe(value: unknown): string {
    if (this._nodes <= 0) {
      return ELLIPSIS;
    }
    this._nodes -= 1;
    switch (typeof value) {
      case 'number':
        return numberLiteral(value);
      case 'boolean':
        return value ? 'True' : 'False';
      case 'string':
        return this._text(value);
      case 'object':
        return value === null ? 'None' : this._object(value);
      case 'bigint':
        return this._cut(value.toString());
      case 'undefined':
        return 'None';
      default:
        return `<${typeof value}>`;
    }
  }

  private _object(value: object): string {
    return (
      this._leaf(value) ??
      (this._path.has(value) || this._path.size >= this._maxDepth
        ? this._emptied(value)
        : this._nested(value))
    );
  }

  private _nested(value: object): string {
    this._path.add(value);
    const text = this._container(value);
    this._path.delete(value);
    return text;
  }

  /** A container whose content is left out. */
  private _emptied(value: object): string {
    if (value instanceof PyTuple) {
      return `(${ELLIPSIS})`;
    }
    return Array.isArray(value) ? `[${ELLIPSIS}]` : `{${ELLIPSIS}}`;
  }

  private _leaf(value: object): string | undefined {
    if (value instanceof Uint8Array) {
      return this._bytes(value);
    }
    const text = leafLiteral(value);
    return text === undefined ? undefined : this._cut(text);
  }

  private _container(value: object): string {
    if (value instanceof PyNamedTuple) {
      return this._namedTuple(value);
    }
    if (value instanceof PyTuple) {
      const comma = value.length === 1 ? ',' : '';
      return `(${this._items(value)}${comma})`;
    }
    if (Array.isArray(value)) {
      return `[${this._items(value)}]`;
    }
    if (value instanceof PyOrderedDict) {
      return `OrderedDict({${this._pairs(value)}})`;
    }
    if (value instanceof Map) {
      return `{${this._pairs(value)}}`;
    }
    if (value instanceof Set) {
      return this._set(value);
    }
    if (value instanceof PyNDArray) {
      const { dtype, shape } = value;
      const name = this._cut(dtype.name);
      return (
        `array(${this._axis(value, [])}, ` +
        `shape=(${this._items(shape)}), dtype=${name})`
      );
    }
    return this._other(value);
  }

  private _other(value: object): string {
    if (value instanceof PyNumpyScalar) {
      return `${this._cut(value.dtype.name)}(${this.describe(value.value)})`;
    }
    if (value instanceof PySlice) {
      return `slice(${this._items([value.start, value.stop, value.step])})`;
    }
    if (value instanceof PyReference) {
      return `<${value.kind} ${this.describe(value.id)}>`;
    }
    return value instanceof PyObject
      ? this._inert(value)
      : `{${this._pairs(Object.entries(value))}}`;
  }

  private _inert(value: PyObject): string {
    const parts = [this._items(value.args)];
    if (value.kwargs instanceof Map) {
      parts.push(this._keywords(value.kwargs));
    }
    if (value.state instanceof Map) {
      parts.push(this._keywords(value.state));
    } else if (value.state !== undefined) {
      parts.push(`state=${this.describe(value.state)}`);
    }
    if (value.items) {
      parts.push(`[${this._items(value.items)}]`);
    }
    if (value.entries) {
      parts.push(`{${this._pairs(value.entries)}}`);
    }
    const content = parts.filter(part => part !== '').join(', ');
    return `<${this._cut(value.className)}(${content})>`;
  }

  private _namedTuple(value: PyNamedTuple): string {
    const pairs = value.fields.map((name, i) => [name, value[i]] as const);
    return `${this._cut(value.className)}(${this._keywords(pairs)})`;
  }

  private _set(value: ReadonlySet<unknown>): string {
    const items = this._items(value);
    if (value instanceof PyFrozenSet) {
      return value.size === 0 ? 'frozenset()' : `frozenset({${items}})`;
    }
    return value.size === 0 ? 'set()' : `{${items}}`;
  }

  private _axis(array: PyNDArray, indices: readonly number[]): string {
    if (indices.length === array.shape.length) {
      const item = array.item(indices);
      return item === undefined ? '?' : this.describe(item);
    }
    const parts: string[] = [];
    for (let i = 0; i < array.shape[indices.length]; i++) {
      if (this._nodes <= 0 || indices.length >= this._maxDepth) {
        parts.push(ELLIPSIS);
        break;
      }
      // Rows count too, so that many empty ones end as well.
      this._nodes -= 1;
      parts.push(this._axis(array, [...indices, i]));
    }
    return `[${parts.join(', ')}]`;
  }

  private _items(items: Iterable<unknown>): string {
    return this._join(items, item => this.describe(item));
  }

  private _pairs(pairs: Iterable<readonly [unknown, unknown]>): string {
    return this._join(
      pairs,
      ([key, item]) => `${this.describe(key)}: ${this.describe(item)}`
    );
  }

  private _keywords(pairs: Iterable<readonly [unknown, unknown]>): string {
    return this._join(pairs, ([key, item]) => {
      const name = typeof key === 'string' ? this._cut(key) : '?';
      return `${name}=${this.describe(item)}`;
    });
  }

  private _join<T>(items: Iterable<T>, part: (item: T) => string): string {
    const parts: string[] = [];
    for (const item of items) {
      if (this._nodes <= 0) {
        parts.push(ELLIPSIS);
        break;
      }
      parts.push(part(item));
    }
    return parts.join(', ');
  }

  private _text(text: string): string {
    return text.length > this._maxText
      ? textLiteral(text.slice(0, this._maxText)) + ELLIPSIS
      : textLiteral(text);
  }

  private _bytes(bytes: Uint8Array): string {
    const shown = bytesLiteral(bytes.subarray(0, this._maxText));
    const text = bytes.length > this._maxText ? shown + ELLIPSIS : shown;
    return bytes instanceof PyByteArray ? `bytearray(${text})` : text;
  }

  private _cut(text: string): string {
    return text.length > this._maxText
      ? text.slice(0, this._maxText) + ELLIPSIS
      : text;
  }

  private readonly _maxDepth: number;
  private readonly _maxText: number;
  private _nodes: number;
  private readonly _path = new Set<object>();
}
