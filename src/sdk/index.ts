/**
 * Globus Compute for TypeScript, for browsers and Node. The only file of the
 * SDK that other code imports.
 */

export type { IAuthClient, IUserInfo } from './auth/authclient.js';
export type { IPendingSignIn, ISignInOptions } from './auth/codeflow.js';
export {
  ClientCredentialsLoginManager,
  type IClientCredentialsOptions
} from './auth/credentials.js';
export { loginManagerFromEnvironment } from './auth/environment.js';
export {
  AUTH_RESOURCE_SERVER,
  COMPUTE_RESOURCE_SERVER,
  COMPUTE_SCOPE,
  GLOBUS_AUTH,
  type IIssuer
} from './auth/issuer.js';
export { LoginManager } from './auth/loginmanager.js';
export type {
  IAuthorizeOptions,
  IHeaderOptions,
  ILoginManager,
  WebClientOptions
} from './auth/manager.js';
export { OidcLoginManager, type IOidcOptions } from './auth/oidc.js';
export { passSignInToOpener } from './auth/popup.js';
export {
  AuthorizationRequirementsError,
  isAuthorizationRequirementsError,
  isConsentRequiredError,
  readAuthorizationParameters,
  toAuthorizationQueryParams,
  type IAuthorizationRequirements
} from './auth/requirements.js';
export { StaticTokenLoginManager } from './auth/static.js';
export {
  InMemoryTokenStore,
  type IToken,
  type ITokenStore
} from './auth/store.js';
export type { IClientSecret } from './auth/tokenendpoint.js';
export { Batch } from './batch.js';
export type { RemoteCallable } from './callable.js';
export { Client } from './client.js';
export { asCompleted, type ICompletedTask } from './completed.js';
export type { ClientOptions } from './connection.js';
export type {
  ContainerBuildStatus,
  ContainerType,
  IContainer,
  IContainerRegistration,
  IContainerSpecification
} from './containers.js';
export type {
  IAllowedFunctions,
  IEndpointRegistration,
  IRegisteredEndpoint
} from './endpoints.js';
export { EndpointsClient } from './endpointsclient.js';
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
export { Executor } from './executor.js';
export type { IExecutorOptions, IMapOptions } from './executoroptions.js';
export { FunctionsClient } from './functionsclient.js';
export { TaskFuture } from './future.js';
export { LookupCache } from './lookups.js';
export { MPIFunction } from './mpifunction.js';
export type {
  IBatchCall,
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
export {
  PyNamedTuple,
  PyNamedTupleClass,
  PyOrderedDict
} from './pickle/collections.js';
export { PyException } from './pickle/exceptions.js';
export { PyUuid } from './pickle/pyuuid.js';
export { PyZoneInfo } from './pickle/zoneinfo.js';
export type { NumericArray } from './pickle/typedarrays.js';
export { PyDtype, type IDtypeField } from './pickle/dtype.js';
export { PyNDArray, PyNumpyScalar } from './pickle/numpy.js';
export { ResultPoller, type IPollerOptions } from './poller.js';
export {
  PushSource,
  type IPushSourceOptions,
  type ITaskNews,
  type ITaskNewsListener
} from './pushsource.js';
export {
  COMPUTE_RATE_LIMIT,
  RateLimiter,
  type IRateLimit
} from './ratelimit.js';
export type { IResultSource, IWatchOptions } from './resultsource.js';
export { packBuffers, unpackBuffers } from './serialize/buffers.js';
export { serializeSource } from './serialize/code.js';
export { AllowlistWildcard } from './serialize/allowlist.js';
export { FunctionSource } from './serialize/functionsource.js';
export { KernelRequired } from './serialize/kernelrequired.js';
export { OpaqueValue } from './serialize/opaque.js';
export {
  ComputeSerializer,
  type CodeStrategy,
  type DataStrategy,
  type ISerializerOptions
} from './serialize/serializer.js';
export { StrategyError, type StrategyId } from './serialize/strategies.js';
export {
  AxiosTransport,
  type Authorize,
  type ITransportOptions
} from './transport.js';
export { ServiceClient } from './serviceclient.js';
export { ShellFunction, type IShellFunctionOptions } from './shellfunction.js';
export { ShellResult, type IShellResult } from './shellresult.js';
export type { ISerializedCall } from './submission.js';
export { summarize } from './summary.js';
export {
  BatchPartlySubmitted,
  PayloadTooLarge,
  ResultTimeout,
  TaskCancelled
} from './taskerrors.js';
export { TaskMap, type IIndexedValue } from './taskmap.js';
export type {
  IBatchReceipt,
  IBatchRunReceipt,
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
export { COMPATIBLE_SDK_VERSION, VersionMismatch } from './versions.js';
export type { IWaitOptions } from './waiting.js';
