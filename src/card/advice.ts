import type { TranslationBundle } from '@jupyterlab/translation';

import type { ITaskFailure } from '../tokens';

/** What is known of where a task failed. */
export interface IAdviceContext {
  /** What people call the endpoint. */
  readonly endpoint: string;
  /** Python version of the workers, where known. */
  readonly pythonVersion?: string;
  readonly trans: TranslationBundle;
}

/** A kind of failure that one can do something about. */
interface IKnownFailure {
  /** Class name of the exception, without its module. */
  readonly type?: RegExp;
  /** What its message, or the end of its traceback, says. */
  readonly text?: RegExp;
  /** What happened and what to do, in plain words. */
  readonly advise: (
    context: IAdviceContext,
    match: RegExpExecArray
  ) => string | null;
}

/* A message longer than this is not searched: it is no message. */
const MAX_TEXT_LENGTH = 2000;

/** The failures that have a remedy; the first that fits is told. */
const KNOWN: readonly IKnownFailure[] = [
  {
    type: /^(?:ModuleNotFoundError|ImportError)$/,
    text: /No module named ['"]([\w.]+)['"]/,
    advise: ({ endpoint, trans }, [, module]) =>
      trans.__(
        'The Python on %1 does not have "%2". Install it in the endpoint’s environment, or ask whoever runs the endpoint to; a module of your own can be put into the cell instead.',
        endpoint,
        module.split('.')[0]
      )
  },
  {
    type: /^(?:WorkerLost|ManagerLost)$/,
    advise: context => workerDied(context)
  },
  {
    text: /worker process died/,
    advise: context => workerDied(context)
  },
  {
    type: /^MemoryError$/,
    advise: ({ endpoint, trans }) =>
      trans.__(
        'A worker on %1 ran out of memory. Give each task less to do, run fewer at a time, or ask for more memory with --config or --resources.',
        endpoint
      )
  },
  {
    type: /^MaxResultSizeExceeded$/,
    advise: ({ trans }) =>
      trans.__(
        'A result may have 10 MiB when it is packed. Return less (a summary, a smaller type such as float32), split the work into more tasks, or write the data to a file there and return its path.'
      )
  },
  {
    type: /^(?:TaskPayloadTooLarge|PayloadTooLarge\w*)$/,
    advise: ({ trans }) =>
      trans.__(
        'A call may have 10 MB of arguments. Pass a path or a URL instead of the data, or split the work into more tasks.'
      )
  },
  {
    type: /^(?:DeserializationError|SerdeError|UnpicklingError)$/,
    advise: context => versionSkew(context)
  },
  {
    // What bytecode of another Python version makes of a worker.
    text: /unknown opcode|bad marshal data|code\(\) (?:takes|argument)|unsupported pickle protocol/i,
    advise: context => versionSkew(context)
  },
  {
    type: /^SerializationError$|^PicklingError$/,
    advise: ({ trans }) =>
      trans.__(
        'The result cannot be packed for the way back. Return plain values, lists, dictionaries or arrays; not open files, connections, locks or generators.'
      )
  },
  {
    text: /cannot pickle|can't pickle/i,
    advise: ({ trans }) =>
      trans.__(
        'The result cannot be packed for the way back. Return plain values, lists, dictionaries or arrays; not open files, connections, locks or generators.'
      )
  },
  {
    type: /^ResultLost$/,
    advise: ({ trans }) =>
      trans.__(
        'The service keeps a result only for a while, or gives it once. Run the failed tasks again to have it.'
      )
  },
  {
    text: /FUNCTION_NOT_PERMITTED|not permitted on endpoint/i,
    advise: ({ endpoint, trans }) =>
      trans.__(
        '%1 runs only functions on its list. Ask whoever runs it to allow this one (its id is below), or choose another endpoint.',
        endpoint
      )
  },
  {
    type: /^(?:TimeoutError|Timeout|TimeoutExpired|ReadTimeout|ConnectTimeout|WalltimeExceeded|AppTimeout)$/,
    advise: ({ endpoint, trans }) =>
      trans.__(
        'Something took longer than it was given, on %1. Give it more time, or the task less to do; if it waited for the network, check that the workers may reach it.',
        endpoint
      )
  },
  {
    type: /^(?:ConnectionError|ConnectionRefusedError|gaierror|URLError|NewConnectionError)$/,
    advise: ({ endpoint, trans }) =>
      trans.__(
        'The workers of %1 could not reach the network address. Compute nodes often have no way to the internet: fetch the data here and pass it, or put it where they can read it.',
        endpoint
      )
  },
  {
    type: /^(?:FileNotFoundError|NotADirectoryError)$/,
    advise: ({ endpoint, trans }) =>
      trans.__(
        'The function ran on %1 and looked for the file there. Pass the content as an argument, or use a path that exists there.',
        endpoint
      )
  },
  {
    type: /^PermissionError$/,
    advise: ({ endpoint, trans }) =>
      trans.__(
        'The account that the endpoint runs under may not do that on %1. Use a folder that it may write to, such as its home or scratch.',
        endpoint
      )
  },
  {
    type: /^NameError$/,
    text: /name ['"](\w+)['"] is not defined/,
    advise: ({ trans }, [, name]) =>
      trans.__(
        'Only the cell’s own text runs there, and it does not have "%1". Import or define it inside the cell, or pass it as an argument.',
        name
      )
  },
  {
    type: /^(?:ModuleNotFoundError|ImportError)$/,
    advise: ({ endpoint, trans }) =>
      trans.__(
        'The environment of %1 has this package in another version than the code expects, or without that part. Compare the versions, or import what both have.',
        endpoint
      )
  }
];

/**
 * What a person can do about a failure, in plain words.
 *
 * @param failure - The failure; its texts come from outside.
 * @returns `null` for one that speaks for itself.
 */
export function adviseOn(
  failure: ITaskFailure,
  context: IAdviceContext
): string | null {
  const type = failure.type.split('.').at(-1) ?? '';
  const text = `${failure.message}\n${failure.traceback}`.slice(
    -MAX_TEXT_LENGTH
  );
  for (const known of KNOWN) {
    if (known.type && !known.type.test(type)) {
      continue;
    }
    const match = (known.text ?? /^/).exec(text);
    if (match) {
      return known.advise(context, match);
    }
  }
  return null;
}

function workerDied({ endpoint, trans }: IAdviceContext): string {
  return trans.__(
    'The worker process on %1 ended under the task: most often it ran out of memory, or the code crashed the interpreter (a compiled library, os._exit). Other tasks are not touched. Try one task alone, with less data.',
    endpoint
  );
}

function versionSkew({ pythonVersion, trans }: IAdviceContext): string {
  return pythonVersion
    ? trans.__(
        'What was sent could not be read there: most often the Python there (%1) or a package differs from the one here. Use --serializer source, pass plain values, or choose an endpoint with the same versions.',
        pythonVersion
      )
    : trans.__(
        'What was sent could not be read there: most often the Python or a package there differs from the one here. Use --serializer source, pass plain values, or choose an endpoint with the same versions.'
      );
}
