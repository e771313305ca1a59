/**
 * Containers that functions run in.
 */

import { answerRecord, requiredText } from './answers.js';
import { isRecord, textOf } from './json.js';

/** Programs that run containers. */
export type ContainerType = 'docker' | 'podman' | 'shifter' | 'singularity';

/** Where the making of a container stands, in the words of the service. */
export type ContainerBuildStatus =
  | 'provided'
  | 'submitted'
  | 'initialized'
  | 'queued'
  | 'building'
  | 'ready'
  | 'failed';

/**
 * A container that exists somewhere.
 */
export interface IContainerRegistration {
  /** Where it is, e.g. `docker://python:3.12`. */
  location: string;

  /** What runs it. */
  type: ContainerType;

  /** Name for people. */
  name?: string;

  /** Text for people. */
  description?: string;
}

/**
 * What is put into a container that the service makes.
 */
export interface IContainerSpecification {
  /** Name for people. */
  name: string;

  /** Text for people. */
  description?: string;

  /** Debian packages. */
  apt?: readonly string[];

  /** Python packages, as for pip. */
  pip?: readonly string[];

  /** Conda packages. */
  conda?: readonly string[];

  /** Version of Python, e.g. `3.12`. */
  pythonVersion?: string;

  /** Repository or zip file with more. */
  payloadUrl?: string;
}

/**
 * A container the service knows.
 */
export interface IContainer {
  /** UUID of the container. */
  id: string;

  /** Name for people. */
  name: string;

  /** A ContainerBuildStatus, or another word of the service. */
  buildStatus: string;

  /** What runs it. */
  type?: string;

  /** Where it is. */
  location?: string;

  /** What went wrong with making it. */
  errorMessage?: string;

  /** What the making of it wrote to its standard error. */
  buildErrors?: string;
}

/** The body of `POST /v2/containers/build`, with empty lists where not given. */
export function specificationBody(
  specification: IContainerSpecification
): Record<string, unknown> {
  const { name, description, pythonVersion, payloadUrl } = specification;
  return {
    name,
    description: description ?? '',
    apt: specification.apt ?? [],
    pip: specification.pip ?? [],
    conda: specification.conda ?? [],
    ...(pythonVersion === undefined ? {} : { python_version: pythonVersion }),
    ...(payloadUrl === undefined ? {} : { payload_url: payloadUrl })
  };
}

/** Read the answer of `GET /v2/containers/{id}/{type}`. */
export function readContainer(answer: unknown): IContainer {
  const outer = answerRecord(answer, 'the container');
  const record = isRecord(outer.container) ? outer.container : outer;
  const container: IContainer = {
    id: requiredText(record, 'container_uuid'),
    name: textOf(record.name) ?? '',
    buildStatus: textOf(record.build_status) ?? 'unknown'
  };
  const optional = {
    type: textOf(record.type),
    location: textOf(record.location),
    errorMessage: textOf(record.err_message),
    buildErrors: textOf(record.build_stderr)
  };
  return Object.assign(
    container,
    Object.fromEntries(
      Object.entries(optional).filter(([, text]) => text !== undefined)
    )
  );
}
