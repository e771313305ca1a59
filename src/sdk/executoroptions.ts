/**
 * What callers say to an executor.
 */

import type { Client } from './client.js';
import type { IResultSource } from './resultsource.js';

/**
 * What an executor is for.
 */
export interface IExecutorOptions {
  /** Speaks to the service. */
  client: Client;

  /** Endpoint to run on; may be set later. */
  endpointId?: string;

  /** Task group for all tasks; one is made unless given. */
  taskGroupId?: string;

  /** Resources for each task, e.g. MPI nodes and ranks. */
  resourceSpecification?: Readonly<Record<string, unknown>>;

  /** Values for the template of a multi-user endpoint. */
  userEndpointConfig?: Readonly<Record<string, unknown>>;

  /** Python import paths of the strategies to write results with. */
  resultSerializers?: readonly string[];

  /** Name for people. */
  label?: string;

  /** Most calls in one submission; 128 unless given. */
  batchSize?: number;

  /** Tells when tasks finish; the client's polling unless given. */
  results?: IResultSource;
}

/**
 * How items are given to the function.
 */
export interface IMapOptions {
  /** Items for each task; 1 unless given. More needs the Python source. */
  chunkSize?: number;

  /**
   * What an item is: one `argument`, unless said, an array of `arguments`, or
   * an object of `keywords`.
   */
  as?: 'argument' | 'arguments' | 'keywords';

  /** Keyword arguments of every call. */
  kwargs?: Record<string, unknown>;
}

/** The arguments of one call. */
export type Call = [args: readonly unknown[], kwargs: Record<string, unknown>];

/**
 * How an item is given to the function.
 */
export function callOf(item: unknown, options: IMapOptions): Call {
  switch (options.as ?? 'argument') {
    case 'argument':
      return [[item], options.kwargs ?? {}];
    case 'arguments':
      return [item as unknown[], options.kwargs ?? {}];
    case 'keywords':
      return [[], { ...options.kwargs, ...(item as Record<string, unknown>) }];
  }
}
