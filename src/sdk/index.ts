/**
 * Globus Compute for TypeScript, for browsers and Node. The only file of the
 * SDK that other code imports.
 */

export type { ILoginManager } from './auth/manager';
export {
  ClientCredentialsLoginManager,
  type IClientCredentialsOptions
} from './auth/credentials';
export { COMPUTE_SCOPE, GLOBUS_AUTH, type IIssuer } from './auth/issuer';
export {
  OidcLoginManager,
  type IOidcOptions,
  type IPendingSignIn
} from './auth/oidc';
export { StaticTokenLoginManager } from './auth/static';
export { Batch } from './batch';
export { Client } from './client';
export type { ClientOptions } from './connection';
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
} from './errors';
export type {
  IBatchOptions,
  IFunctionOptions,
  IRunOptions,
  RegisterFunctionOptions,
  SourceStrategy
} from './options';
export { describe, type IDescribeOptions } from './pickle/describe';
export { dumps } from './pickle/writer';
export { loads, type ILoadOptions } from './pickle/reader';
export type { IPickleLimits } from './pickle/limits';
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
} from './pickle/values';
export {
  PyDate,
  PyDateTime,
  PyTime,
  PyTimedelta,
  PyTimezone
} from './pickle/datetime';
export { PyDtype, PyNDArray, PyNumpyScalar } from './pickle/numpy';
export {
  ResultPoller,
  type IPollerOptions,
  type IWatchOptions
} from './poller';
export { packBuffers, unpackBuffers } from './serialize/buffers';
export { serializeSource } from './serialize/code';
export { OpaqueValue } from './serialize/opaque';
export {
  ComputeSerializer,
  type DataStrategy,
  type ISerializerOptions
} from './serialize/serializer';
export { AxiosTransport, type ITransportOptions } from './transport';
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
} from './types';
