/**
 * Globus Compute for TypeScript, for browsers and Node. The only file of the
 * SDK that other code imports.
 */

export type { ILoginManager } from './auth/manager.js';
export {
  ClientCredentialsLoginManager,
  type IClientCredentialsOptions
} from './auth/credentials.js';
export { COMPUTE_SCOPE, GLOBUS_AUTH, type IIssuer } from './auth/issuer.js';
export {
  OidcLoginManager,
  type IOidcOptions,
  type IPendingSignIn
} from './auth/oidc.js';
export { StaticTokenLoginManager } from './auth/static.js';
export { Batch } from './batch.js';
export { Client } from './client.js';
export type { ClientOptions } from './connection.js';
export {
  ApiError,
  AuthenticationError,
  ComputeError,
  DeserializationError,
  NetworkError,
  NotFoundError,
  RateLimitError,
  RequestAborted,
  SerializationError,
  SubmitOutcomeUnknown,
  TaskExecutionFailed,
  TaskPending,
  type IComputeErrorOptions
} from './errors.js';
export type {
  IBatchOptions,
  IFunctionOptions,
  IRunOptions,
  RegisterFunctionOptions,
  SourceStrategy
} from './options.js';
export { describe, type IDescribeOptions } from './pickle/describe.js';
export { dumps } from './pickle/writer.js';
export { loads, type ILoadOptions } from './pickle/reader.js';
export type { IPickleLimits } from './pickle/limits.js';
export {
  PyByteArray,
  PyComplex,
  PyDecimal,
  PyFloat,
  PyFraction,
  PyFrozenSet,
  PyGlobal,
  PyObject,
  PyRange,
  PyReference,
  PySlice,
  PyTuple
} from './pickle/values.js';
export {
  PyDate,
  PyDateTime,
  PyTime,
  PyTimedelta,
  PyTimezone
} from './pickle/datetime.js';
export { PyDtype, PyNDArray, PyNumpyScalar } from './pickle/numpy.js';
export {
  ResultPoller,
  type IPollerOptions,
  type IWatchOptions
} from './poller.js';
export { packBuffers, unpackBuffers } from './serialize/buffers.js';
export { serializeSource } from './serialize/code.js';
export { OpaqueValue } from './serialize/opaque.js';
export {
  ComputeSerializer,
  type DataStrategy,
  type ISerializerOptions
} from './serialize/serializer.js';
export { AxiosTransport, type ITransportOptions } from './transport.js';
export type {
  IBatchReceipt,
  IEndpoint,
  IEndpointMetadata,
  IEndpointStatus,
  IFunctionRecord,
  IServiceVersion,
  ITaskDetails,
  ITaskGroup,
  ITaskResult,
  ITransport,
  ITransportRequest,
  TaskState
} from './types.js';
