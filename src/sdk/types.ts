/**
 * The shapes the SDK speaks in: requests, tasks, batches, endpoints.
 */

import type { ComputeError, TaskExecutionFailed } from './errors.js';

/**
 * One request to the Compute REST API.
 */
export interface ITransportRequest {
  /** HTTP method. */
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';

  /** Path below the service's address, e.g. `/v3/functions`; ids encoded. */
  path: string;

  /** Query parameters, not yet encoded. */
  query?: Record<string, string>;

  /** Body, sent as JSON. */
  body?: unknown;

  /** Headers besides those of content and credentials. */
  headers?: Readonly<Record<string, string>>;

  /** Cancels the request and any wait between attempts. */
  signal?: AbortSignal;

  /** Time allowed for one attempt, in milliseconds. */
  timeoutMs?: number;

  /**
   * Waits for leave to send the request once more. A transport that repeats
   * requests calls it before each repetition, with what went wrong; its
   * rejection ends the request.
   */
  beforeRetry?: (failure: ComputeError) => Promise<void>;
}

/**
 * Carries requests to a Compute service. Everything the SDK sends goes
 * through one.
 */
export interface ITransport {
  /**
   * Send one request.
   *
   * @returns The parsed JSON of the answer; `null` when it has no body.
   * @throws Only subclasses of ComputeError.
   */
  request(request: ITransportRequest): Promise<unknown>;
}

/**
 * Where a task stands, in the words of Globus Compute.
 */
export type TaskState =
  | 'received'
  | 'waiting-for-ep'
  | 'waiting-for-nodes'
  | 'waiting-for-launch'
  | 'running'
  | 'success'
  | 'failed';

/**
 * What is known of the environment and the course of a task.
 */
export interface ITaskDetails {
  /** Operating system of the worker, e.g. `Linux-6.1-x86_64`. */
  os?: string;

  /** Python version of the worker, e.g. `3.11.7`. */
  pythonVersion?: string;

  /** dill version of the worker. */
  dillVersion?: string;

  /** Compute SDK version of the worker. */
  sdkVersion?: string;

  /** Endpoint that ran the task. */
  endpointId?: string;

  /** When the task entered each state, in seconds since the epoch. */
  transitions?: Record<string, number>;
}

/**
 * One task as the service sees it, finished or not.
 */
export interface ITaskResult {
  /** The task. */
  taskId: string;

  /** True until the state is `success` or `failed`. */
  pending: boolean;

  /** A TaskState, or another word of the service; `unknown` for none. */
  status: string;

  /** The value, decoded without running code; on success only. */
  result?: unknown;

  /** The value as the service gave it: a header and its body. */
  serialized?: string;

  /** Why the task failed; on failure only. */
  exception?: TaskExecutionFailed;

  /** Why a finished task has neither result nor exception. */
  reason?: string;

  /** When it finished: seconds since the epoch, as the API gives it. */
  completionT?: string;

  /** Environment and course of the task, where known. */
  details?: ITaskDetails;
}

/**
 * The service's answer to a submission.
 */
export interface IBatchReceipt {
  /** Names the request in support questions; empty where not given. */
  requestId: string;

  /** Group all tasks of the batch are in. */
  taskGroupId: string;

  /** Endpoint the batch was sent to. */
  endpointId: string;

  /** Task ids in the order the calls were added. */
  taskIds: string[];

  /** Task ids by function id. */
  tasks: Record<string, string[]>;

  /** What a high-assurance endpoint wants its users to know. */
  warning?: string;
}

/**
 * What became of a batch whose calls name their endpoints.
 */
export interface IBatchRunReceipt {
  /** Group all tasks of the batch are in. */
  taskGroupId: string;

  /** Task ids in the order the calls were added. */
  taskIds: string[];

  /** The service's answers: one for each endpoint, or part of a large batch. */
  submissions: IBatchReceipt[];
}

/**
 * The tasks of a task group.
 */
export interface ITaskGroup {
  /** The group. */
  taskGroupId: string;

  /** Its tasks in the order the service lists them. */
  taskIds: string[];
}

/**
 * One row of the list of endpoints.
 */
export interface IEndpoint {
  /** UUID of the endpoint. */
  id: string;

  /** Name given at registration. */
  name: string;

  /** Name to show; the name where there is none. */
  displayName: string;

  /** UUID of the owner's identity. */
  owner?: string;
}

/**
 * Whether an endpoint takes tasks now.
 */
export interface IEndpointStatus {
  /** `online`, `offline`, or another word of the service. */
  status: string;

  /** The endpoint's last report; its keys depend on the engine. */
  details: Record<string, unknown>;
}

/**
 * What is registered about an endpoint.
 */
export interface IEndpointMetadata extends IEndpoint {
  /** Text its owner wrote. */
  description?: string;

  /** Whether it starts an endpoint for each user. */
  multiUser: boolean;

  /** Whether everybody may see it. */
  public: boolean;

  /** Python version of the endpoint process, where it says so. */
  pythonVersion?: string;

  /** globus-compute-endpoint version, where it says so. */
  endpointVersion?: string;

  /** JSON Schema of `userEndpointConfig`, where it has one. */
  userConfigSchema?: Record<string, unknown>;

  /** The whole answer, as given. */
  raw: Record<string, unknown>;
}

/**
 * A registered function.
 */
export interface IFunctionRecord {
  /** UUID of the function. */
  id: string;

  /** Its name in Python. */
  name: string;

  /** Its packed code. */
  code: string;

  /** Text given at registration. */
  description?: string;

  /** Facts given at registration, e.g. `python_version`. */
  metadata: Record<string, unknown>;
}

/**
 * Versions a service reports.
 */
export interface IServiceVersion {
  /** Version of the API. */
  api: string;

  /** Oldest Python SDK it accepts. */
  minSdkVersion?: string;

  /** Oldest endpoint it accepts. */
  minEndpointVersion?: string;
}
