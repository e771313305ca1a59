/**
 * What each opcode does to the machine.
 */

import type { PickleMachine } from './machine.js';
import { Opcode } from './opcodes.js';
import { readLatin1Line, readScalar } from './scalars.js';
import { decodeUtf8 } from './utf8.js';
import { PyFrozenSet, PyGlobal, PyReference } from './values.js';

/** Newest protocol there is. */
const HIGHEST_PROTOCOL = 5;

/** Today's names of modules, as far as the reader looks at them. */
const PYTHON2_MODULES: ReadonlyMap<string, string> = new Map([
  ['__builtin__', 'builtins'],
  ['copy_reg', 'copyreg'],
  ['exceptions', 'builtins']
]);

/**
 * Execute one instruction; STOP is not one, it ends the reading.
 *
 * @throws DeserializationError when the opcode is not known, or the pickle is
 * malformed or beyond the limits.
 */
export function execute(m: PickleMachine, opcode: number): void {
  const scalar = readScalar(m, opcode);
  if (scalar !== undefined) {
    m.push(scalar);
  } else if (
    !executeContainer(m, opcode) &&
    !executeMemo(m, opcode) &&
    !executeObject(m, opcode)
  ) {
    throw m.error(`the opcode 0x${opcode.toString(16)} is not known`);
  }
}

/** Lists, tuples, dicts and sets; false when the opcode is of no such. */
function executeContainer(m: PickleMachine, opcode: number): boolean {
  switch (opcode) {
    case Opcode.EMPTY_TUPLE:
      m.pushTuple([]);
      break;
    case Opcode.TUPLE:
      m.pushTuple(m.popMark());
      break;
    case Opcode.TUPLE1:
      m.pushTuple(m.popMany(1));
      break;
    case Opcode.TUPLE2:
      m.pushTuple(m.popMany(2));
      break;
    case Opcode.TUPLE3:
      m.pushTuple(m.popMany(3));
      break;
    case Opcode.EMPTY_LIST:
      m.pushContainer([]);
      break;
    case Opcode.LIST:
      m.wrap([], items => {
        m.extend(items);
      });
      break;
    case Opcode.APPEND:
      m.extend(m.popMany(1));
      break;
    case Opcode.APPENDS:
      m.extend(m.popMark());
      break;
    case Opcode.EMPTY_DICT:
      m.pushContainer(new Map());
      break;
    case Opcode.DICT:
      m.wrap(new Map(), items => {
        m.setItems(items);
      });
      break;
    case Opcode.SETITEM:
      m.setItems(m.popMany(2));
      break;
    case Opcode.SETITEMS:
      m.setItems(m.popMark());
      break;
    case Opcode.EMPTY_SET:
      m.pushContainer(new Set());
      break;
    case Opcode.ADDITEMS:
      m.addItems(m.popMark());
      break;
    case Opcode.FROZENSET:
      m.wrap(new PyFrozenSet(), items => {
        m.addItems(items);
      });
      break;
    default:
      return false;
  }
  return true;
}

/** Stack, memo and framing; false when the opcode is of no such. */
function executeMemo(m: PickleMachine, opcode: number): boolean {
  switch (opcode) {
    case Opcode.MARK:
      m.mark();
      break;
    case Opcode.MEMOIZE:
      m.memoize();
      break;
    case Opcode.PUT:
      m.put(memoIndex(m));
      break;
    case Opcode.BINPUT:
      m.put(m.cursor.uint8());
      break;
    case Opcode.LONG_BINPUT:
      m.put(m.cursor.uint32());
      break;
    case Opcode.GET:
      m.get(memoIndex(m));
      break;
    case Opcode.BINGET:
      m.get(m.cursor.uint8());
      break;
    case Opcode.LONG_BINGET:
      m.get(m.cursor.uint32());
      break;
    case Opcode.POP:
      m.drop();
      break;
    case Opcode.POP_MARK:
      m.popMark();
      break;
    case Opcode.DUP:
      m.push(m.top());
      break;
    case Opcode.PROTO:
      checkProtocol(m);
      break;
    case Opcode.FRAME:
      m.cursor.expect(m.cursor.length64());
      break;
    default:
      return false;
  }
  return true;
}

/** Names, calls and states; false when the opcode is of no such. */
function executeObject(m: PickleMachine, opcode: number): boolean {
  switch (opcode) {
    case Opcode.GLOBAL:
      m.push(globalLines(m));
      break;
    case Opcode.STACK_GLOBAL:
      m.push(stackGlobal(m));
      break;
    case Opcode.REDUCE:
    case Opcode.NEWOBJ: {
      const [callable, args] = m.popMany(2);
      m.reduce(callable, args);
      break;
    }
    case Opcode.NEWOBJ_EX: {
      const [callable, args, kwargs] = m.popMany(3);
      m.reduce(callable, args, kwargs);
      break;
    }
    case Opcode.INST:
      m.reduce(globalLines(m), m.popMark());
      break;
    case Opcode.OBJ: {
      const [callable, ...args] = m.popMark();
      m.reduce(callable, args);
      break;
    }
    case Opcode.BUILD:
      m.build();
      break;
    case Opcode.BINPERSID:
      m.push(new PyReference('persistent-id', m.pop()));
      break;
    case Opcode.NEXT_BUFFER:
      throw m.error('it needs a buffer that was not sent with it');
    case Opcode.READONLY_BUFFER:
      m.top();
      break;
    default:
      return false;
  }
  return true;
}

function checkProtocol(m: PickleMachine): void {
  const protocol = m.cursor.uint8();
  if (protocol > HIGHEST_PROTOCOL) {
    throw m.error(`protocol ${protocol} is not known`);
  }
}

function memoIndex(m: PickleMachine): number {
  const text = readLatin1Line(m);
  if (!/^\d{1,15}$/.test(text)) {
    throw m.error('a number of the memo is malformed');
  }
  return Number(text);
}

/** Protocols 0 to 2 name modules as Python 2 did. */
function globalLines(m: PickleMachine): PyGlobal {
  const module = decodeUtf8(m.cursor.line());
  const name = decodeUtf8(m.cursor.line());
  return new PyGlobal(PYTHON2_MODULES.get(module) ?? module, name);
}

function stackGlobal(m: PickleMachine): PyGlobal {
  const [module, name] = m.popMany(2);
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw m.error('the name of a class is no text');
  }
  return new PyGlobal(module, name);
}
