/**
 * What callers say when they register and run functions.
 */

/**
 * Code strategies that are written from source text.
 */
export type SourceStrategy = 'st' | 'sd' | '03' | '04' | '10' | '12';

/**
 * What every registration may say.
 */
export interface IFunctionOptions {
  /** Name of the function inside the source. */
  name: string;

  /** Text for people. */
  description?: string;

  /** Globus group allowed to run the function. */
  group?: string;

  /** Whether everybody may run it. */
  public?: boolean;

  /** Container to run it in, from `registerContainer` or `buildContainer`. */
  containerUuid?: string;

  /**
   * The only endpoint that may run it, for data that needs high assurance.
   * Such a function cannot be shared.
   */
  haEndpointId?: string;

  /** Facts to keep with it, e.g. `{python_version: '3.12.1'}`. */
  metadata?: Record<string, unknown>;

  /** Cancels the request. */
  signal?: AbortSignal;
}

/**
 * A registration from Python source, or from code serialized elsewhere.
 */
export type RegisterFunctionOptions = IFunctionOptions &
  (
    | {
        /** Python source that defines the function; dedented when sent. */
        source: string;
        /** How to write it; `st`, plain source, unless given. */
        codeStrategy?: SourceStrategy;
        serializedCode?: undefined;
      }
    | {
        /** Packed code buffers made elsewhere, e.g. in a kernel. */
        serializedCode: string;
        source?: undefined;
        codeStrategy?: undefined;
      }
  );

/**
 * One call of a registered function.
 */
export interface IRunOptions {
  /** UUID of the function. */
  functionId: string;

  /** UUID of the endpoint. */
  endpointId: string;

  /** Positional arguments. */
  args?: readonly unknown[];

  /** Keyword arguments. */
  kwargs?: Record<string, unknown>;

  /** Cancels the request; the task may then be submitted or not. */
  signal?: AbortSignal;
}

/**
 * One call of a batch that names its endpoint.
 */
export interface IBatchCall {
  /** UUID of the endpoint; that of the whole batch unless given. */
  endpointId?: string;

  /** UUID of the function. */
  functionId: string;

  /** Positional arguments; written as a Python tuple. */
  args?: readonly unknown[];

  /** Keyword arguments. */
  kwargs?: Record<string, unknown>;
}

/**
 * Settings that hold for a whole batch.
 */
export interface IBatchOptions {
  /** Existing task group to add to; a new one is made unless given. */
  taskGroupId?: string;

  /** Values for the template of a multi-user endpoint. */
  userEndpointConfig?: Record<string, unknown>;

  /** Resources for each task, e.g. MPI nodes and ranks. */
  resourceSpecification?: Record<string, unknown>;

  /** Python import paths of the strategies to write results with. */
  resultSerializers?: readonly string[];

  /** Python and platform the calls come from, for endpoint templates. */
  userRuntime?: Record<string, unknown>;

  /** Ask for an AMQP queue of results; false unless given. */
  createQueue?: boolean;

  /** Headers of each submission, for a gateway in front of the service. */
  headers?: Readonly<Record<string, string>>;
}
