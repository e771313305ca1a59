import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';

import type { IEndpointInfo } from './endpoints';

/** Name of the class file in a folder. */
export const CLASS_FILE_NAME = 'class.compute.json';

/** A function that cells of a class can call by name. */
export interface IClassFunction {
  readonly name: string;
  /** UUID of the function. */
  readonly id: string;
  readonly description?: string;
  /** Its Python text, for those who run on their own computer. */
  readonly source?: string;
}

/** What a class file says; see `class_file.schema.json`. All of it is text from outside. */
export interface IClassContent {
  readonly version: 1;
  /** UUID of the class. */
  readonly id: string;
  readonly title: string;
  readonly contact?: string;
  /** Name of a service of the gateway. */
  readonly service: string;
  readonly endpoint?: {
    readonly id: string;
    readonly name?: string;
    readonly owner?: string;
  };
  readonly group?: { readonly id: string; readonly name?: string };
  readonly functions?: readonly IClassFunction[];
  readonly config?: ReadonlyJSONObject;
  /** The oldest Python that the notebooks need, as `3.10`. */
  readonly python?: string;
  readonly limits?: {
    readonly tasks?: number;
    readonly payloadBytes?: number;
    readonly walltimeSeconds?: number;
  };
}

/** The class file of a folder, as the gateway found it. */
export interface IClassFile {
  /** Its path, relative to the server's root. */
  readonly path: string;
  /** SHA-256 of its text, in hex. */
  readonly hash: string;
  /**
   * Whether this very text was accepted; `changed` if another text of the
   * class was.
   */
  readonly state: 'new' | 'changed' | 'accepted' | 'invalid';
  /** Why it is `invalid`, one sentence each. */
  readonly problems: readonly string[];
  /** What it says; `null` when it is `invalid`. */
  readonly content: IClassContent | null;
  /** How many tasks were submitted for its class from here. */
  readonly tasks: number;
}

/** What an accepted class file sets for the notebooks beside it. */
export interface IClassRules {
  readonly file: IClassFile;
  readonly content: IClassContent;
  /** Where cells run that say nothing else; `null` if nowhere can be found. */
  readonly endpoint: IEndpointInfo | null;
  /**
   * Why that is this computer and not where the file says, in words for a
   * person; `null` if it is where the file says.
   */
  readonly detour: string | null;
}

/**
 * The class files beside the notebooks. One has no effect, and nothing of it
 * is asked or sent anywhere, until a person accepted it.
 */
export interface IClassFiles {
  /** Emitted with the folder whose class file was read, accepted or put off. */
  readonly changed: ISignal<IClassFiles, string>;
  /**
   * The class file beside a notebook; `null` if there is none, `undefined`
   * until it was read.
   */
  get(notebookPath: string): IClassFile | null | undefined;
  /** What the class file beside a notebook sets, if it is accepted. */
  rules(notebookPath: string): IClassRules | null;
  /** Read the class file beside a notebook again; `null` if it cannot be. */
  refresh(notebookPath: string): Promise<IClassFile | null>;
  /** Read it again, and find out where cells run. */
  refreshRules(notebookPath: string): Promise<IClassRules | null>;
  /**
   * Accept a class file as it was seen.
   *
   * @throws GatewayRefusal when it has changed since, or cannot be used here.
   */
  accept(notebookPath: string, file: IClassFile): Promise<void>;
  /** Accept it no longer. */
  withdraw(notebookPath: string, file: IClassFile): Promise<void>;
  /** Whether a person said "Not now" to it, in this page. */
  isPostponed(file: IClassFile): boolean;
  postpone(notebookPath: string, file: IClassFile): void;
  /** What is wrong with what is to become a class file, one sentence each. */
  check(content: unknown): Promise<readonly string[]>;
}

/** Token of {@link IClassFiles}. */
export const IClassFiles = new Token<IClassFiles>(
  'jupyterlab-globus-compute:IClassFiles',
  'The class files beside the notebooks.'
);
