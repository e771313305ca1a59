/**
 * Instructions that name classes, call them and set states. Nothing is looked
 * up or called: a class the reader knows gives a value of its own, any other
 * an inert object.
 */

import { PyNamedTuple, PyNamedTupleClass } from './collections.js';
import { isExceptionClass, PyException } from './exceptions.js';
import { HANDLERS } from './handlers.js';
import { Cost } from './limits.js';
import type { Instruction, PickleMachine } from './machine.js';
import * as Opcode from './opcodes.js';
import { hasState } from './state.js';
import { decodeUtf8 } from './utf8.js';
import { PyGlobal, PyObject } from './values.js';

/** Today's names of modules, as far as the reader looks at them. */
const PYTHON2_MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['exceptions', 'builtins']
]);

/** No handler takes more arguments than this. */
const MAX_HANDLED_ARGS = 8;

/**
 * The instructions, by opcode.
 */
export const OBJECT_INSTRUCTIONS: Readonly<Record<number, Instruction>> = {
  [Opcode.GLOBAL]: m => m.push(globalLines(m)),
  [Opcode.STACK_GLOBAL]: m => m.push(stackGlobal(m)),
  [Opcode.REDUCE]: m => {
    const args = m.pop();
    reduce(m, m.pop(), args);
  },
  [Opcode.NEWOBJ]: m => {
    const args = m.pop();
    reduce(m, m.pop(), args);
  },
  [Opcode.NEWOBJ_EX]: m => {
    const kwargs = m.pop();
    const args = m.pop();
    reduce(m, m.pop(), args, kwargs);
  },
  [Opcode.INST]: m => {
    const callable = globalLines(m);
    reduce(m, callable, m.cutTuple(m.closeMark()));
  },
  [Opcode.OBJ]: m => {
    const [callable, ...args] = m.cutList(m.closeMark());
    reduce(m, callable, args);
  },
  [Opcode.BUILD]: m => build(m),
  [Opcode.NEXT_BUFFER]: m => {
    throw m.error('it needs a buffer that was not sent with it');
  },
  [Opcode.READONLY_BUFFER]: m => void m.top()
};

/** Push what a call would have made: a known value, or an inert object. */
function reduce(
  m: PickleMachine,
  callable: unknown,
  args: unknown,
  kwargs?: unknown
): void {
  const list: readonly unknown[] = Array.isArray(args) ? args : [args];
  m.spend(Cost.OBJECT);
  const made = isEmpty(kwargs) ? make(m, callable, list) : undefined;
  m.push(made ?? inert(callable, list, kwargs));
}

function make(
  m: PickleMachine,
  callable: unknown,
  args: readonly unknown[]
): unknown {
  if (!(callable instanceof PyGlobal)) {
    return undefined;
  }
  if (callable.path === 'copyreg._reconstructor') {
    return reconstruct(m, args);
  }
  if (callable instanceof PyNamedTupleClass) {
    m.spend(args.length * Cost.ITEM);
    return PyNamedTuple.make(callable, args);
  }
  return handle(m, callable.path, args);
}

/** Protocols 0 and 1: `(class, base class, value of the base class)`. */
function reconstruct(m: PickleMachine, args: readonly unknown[]): unknown {
  const [type, base, value] = args;
  const path = base instanceof PyGlobal ? base.path : '';
  if (path === 'builtins.object') {
    return make(m, type, []);
  }
  return path === 'builtins.tuple' && Array.isArray(value)
    ? make(m, type, value)
    : undefined;
}

function inert(
  callable: unknown,
  args: readonly unknown[],
  kwargs: unknown
): PyObject {
  const object = new PyObject(callable, args, kwargs);
  return isExceptionClass(object.className)
    ? new PyException(callable, args, kwargs)
    : object;
}

function handle(
  m: PickleMachine,
  path: string,
  args: readonly unknown[]
): unknown {
  const handler = HANDLERS.get(path);
  if (!handler || args.length > MAX_HANDLED_ARGS) {
    return undefined;
  }
  // Handlers copy and parse: the same argument passed again and again must
  // not cost more than it was counted for.
  for (const argument of args) {
    m.spend(contentCost(argument));
  }
  m.checkTime();
  return handler(args);
}

function contentCost(value: unknown): number {
  if (typeof value === 'string') {
    return 4 * value.length;
  }
  if (value instanceof Uint8Array) {
    return value.length;
  }
  return Array.isArray(value) ? 2 * Cost.ENTRY * value.length : 0;
}

function isEmpty(kwargs: unknown): boolean {
  return kwargs === undefined || (kwargs instanceof Map && kwargs.size === 0);
}

/** Give the state on top of the stack to the object below it. */
function build(m: PickleMachine): void {
  const state = m.pop();
  const target = m.top();
  if (typeof target !== 'object' || target === null) {
    throw m.error('a state is set on a plain value');
  }
  if (hasState(target)) {
    target.setState(state);
  }
  // Attributes of a subclass of dict or set have no place in a Map or Set.
}

/** Protocols 0 to 2 name modules as Python 2 did. */
function globalLines(m: PickleMachine): PyGlobal {
  m.spend(Cost.OBJECT);
  const module = decodeUtf8(m.cursor.line());
  const name = decodeUtf8(m.cursor.line());
  return new PyGlobal(PYTHON2_MODULES.get(module) ?? module, name);
}

function stackGlobal(m: PickleMachine): PyGlobal {
  const name = m.pop();
  const module = m.pop();
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw m.error('the name of a class is no text');
  }
  m.spend(Cost.OBJECT + module.length + name.length);
  return new PyGlobal(module, name);
}
