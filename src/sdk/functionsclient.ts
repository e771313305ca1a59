/**
 * The functions of a service, and the containers they run in.
 */

import { answerRecord, readFunction, requiredText } from './answers.js';
import {
  type ContainerType,
  type IContainer,
  type IContainerRegistration,
  type IContainerSpecification,
  readContainer,
  specificationBody
} from './containers.js';
import { EndpointsClient } from './endpointsclient.js';
import type { RegisterFunctionOptions } from './options.js';
import { registrationRequest } from './registration.js';
import { path } from './serviceclient.js';
import type { IFunctionRecord } from './types.js';

/** How long a function is remembered, in milliseconds. It never changes. */
const FUNCTION_LIFETIME_MS = 60 * 60 * 1000;

/**
 * Registers and finds functions and containers.
 */
export class FunctionsClient extends EndpointsClient {
  /**
   * Register a function from its source: `POST /v3/functions`.
   *
   * @returns UUID of the function.
   * @throws SerializationError when the source cannot be written as asked.
   */
  async registerFunction(options: RegisterFunctionOptions): Promise<string> {
    const request = registrationRequest(options);
    const answer = await this.send(
      'POST',
      request.path,
      request.body,
      options.signal
    );
    return requiredText(
      answerRecord(answer, 'the registration'),
      'function_uuid'
    );
  }

  /**
   * What is registered under a function id: `GET /v2/functions/{id}`. It is
   * remembered for an hour.
   */
  async getFunction(
    functionId: string,
    signal?: AbortSignal
  ): Promise<IFunctionRecord> {
    const url = path`/v2/functions/${functionId}`;
    return this.lookups.get(url, FUNCTION_LIFETIME_MS, async () =>
      readFunction(await this.get(url, signal))
    );
  }

  /**
   * The source text of a function, found without executing anything.
   *
   * @returns `null` when it was not serialized as text.
   */
  async getFunctionSource(
    functionId: string,
    signal?: AbortSignal
  ): Promise<string | null> {
    const { code } = await this.getFunction(functionId, signal);
    const { readFunctionSource } = await import('./functiontext.js');
    return readFunctionSource(code);
  }

  /**
   * Delete a function: `DELETE /v2/functions/{id}`.
   */
  async deleteFunction(
    functionId: string,
    signal?: AbortSignal
  ): Promise<void> {
    const url = path`/v2/functions/${functionId}`;
    this.lookups.delete(url);
    await this.send('DELETE', url, undefined, signal);
  }

  /**
   * Register a container that exists: `POST /v2/containers`.
   *
   * @returns UUID of the container.
   */
  async registerContainer(
    registration: IContainerRegistration,
    signal?: AbortSignal
  ): Promise<string> {
    const { location, type, name = '', description = '' } = registration;
    const body = { name, location, description, type };
    const answer = await this.send('POST', '/v2/containers', body, signal);
    return requiredText(answerRecord(answer, 'the container'), 'container_id');
  }

  /**
   * Have the service make a container: `POST /v2/containers/build`. Only
   * members of a group that Globus keeps may.
   *
   * @returns UUID of the container; see `getContainerBuildStatus`.
   */
  async buildContainer(
    specification: IContainerSpecification,
    signal?: AbortSignal
  ): Promise<string> {
    const body = specificationBody(specification);
    const answer = await this.send(
      'POST',
      '/v2/containers/build',
      body,
      signal
    );
    return requiredText(answerRecord(answer, 'the container'), 'container_id');
  }

  /**
   * Where the making of a container stands:
   * `GET /v2/containers/build/{id}`.
   *
   * @returns A ContainerBuildStatus, or another word of the service.
   */
  async getContainerBuildStatus(
    containerId: string,
    signal?: AbortSignal
  ): Promise<string> {
    const answer = await this.get(
      path`/v2/containers/build/${containerId}`,
      signal
    );
    return requiredText(answerRecord(answer, 'the container'), 'status');
  }

  /**
   * What the service knows of a container: `GET /v2/containers/{id}/{type}`.
   */
  async getContainer(
    containerId: string,
    type: ContainerType,
    signal?: AbortSignal
  ): Promise<IContainer> {
    return readContainer(
      await this.get(path`/v2/containers/${containerId}/${type}`, signal)
    );
  }
}
