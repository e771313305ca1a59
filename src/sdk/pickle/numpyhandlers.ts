/**
 * Builds NumPy's values from the arguments in a pickle.
 */

import { PyDtype } from './dtype.js';
import type { PickleHandler } from './handler.js';
import { readItem } from './items.js';
import { bytesOf } from './latin1.js';
import { PyNDArray, PyNumpyScalar } from './numpy.js';

const multiarray: Record<string, PickleHandler> = {
  _reconstruct: () => new PyNDArray(),
  scalar: ([dtype, bytes]) => {
    const raw = bytesOf(bytes);
    return dtype instanceof PyDtype && raw
      ? new PyNumpyScalar(dtype, readItem(raw, 0, dtype))
      : undefined;
  }
};

const numeric: Record<string, PickleHandler> = {
  _frombuffer: ([data, dtype, shape, order]) => {
    const array = new PyNDArray();
    array.fill(shape, dtype, order === 'F', data);
    return array;
  }
};

/**
 * Handlers by module and name.
 */
export const numpyModules: Record<string, Record<string, PickleHandler>> = {
  numpy: {
    dtype: ([code]) =>
      typeof code === 'string' ? new PyDtype(code) : undefined
  },
  // NumPy 1 had no underscore here.
  'numpy.core.multiarray': multiarray,
  'numpy._core.multiarray': multiarray,
  'numpy.core.numeric': numeric,
  'numpy._core.numeric': numeric
};
