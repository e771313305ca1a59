/**
 * The endpoints of a service.
 */

import {
  answerRecord,
  invalidAnswer,
  readAllowedFunctions,
  readEndpoint,
  readEndpointMetadata,
  readEndpointStatus,
  requiredText
} from './answers.js';
import {
  endpointBody,
  type IAllowedFunctions,
  type IEndpointRegistration,
  type IRegisteredEndpoint
} from './endpoints.js';
import { path, ServiceClient } from './serviceclient.js';
import type { IEndpoint, IEndpointMetadata, IEndpointStatus } from './types.js';

/** How long an endpoint's metadata are remembered, in milliseconds. */
const METADATA_LIFETIME_MS = 10_000;

/**
 * Finds and manages endpoints.
 */
export class EndpointsClient extends ServiceClient {
  /**
   * The endpoints we may use, or only our own: `GET /v2/endpoints`.
   */
  async getEndpoints(
    role: 'any' | 'owner' = 'any',
    signal?: AbortSignal
  ): Promise<IEndpoint[]> {
    const answer = await this.get('/v2/endpoints', signal, { role });
    if (!Array.isArray(answer)) {
      throw invalidAnswer('the endpoints are not a list');
    }
    return answer.map(readEndpoint);
  }

  /**
   * Whether an endpoint is online: `GET /v2/endpoints/{id}/status`.
   */
  async getEndpointStatus(
    endpointId: string,
    signal?: AbortSignal
  ): Promise<IEndpointStatus> {
    return readEndpointStatus(
      await this.get(path`/v2/endpoints/${endpointId}/status`, signal)
    );
  }

  /**
   * What is registered about an endpoint: `GET /v2/endpoints/{id}`. It is
   * remembered for ten seconds.
   */
  async getEndpointMetadata(
    endpointId: string,
    signal?: AbortSignal
  ): Promise<IEndpointMetadata> {
    const url = path`/v2/endpoints/${endpointId}`;
    return this.lookups.get(url, METADATA_LIFETIME_MS, async () =>
      readEndpointMetadata(await this.get(url, signal))
    );
  }

  /**
   * The functions an endpoint allows:
   * `GET /v3/endpoints/{id}/allowed_functions`.
   */
  async getAllowedFunctions(
    endpointId: string,
    signal?: AbortSignal
  ): Promise<IAllowedFunctions> {
    return readAllowedFunctions(
      endpointId,
      await this.get(
        path`/v3/endpoints/${endpointId}/allowed_functions`,
        signal
      )
    );
  }

  /**
   * Register an endpoint: `POST /v3/endpoints`. What runs tasks there is
   * `globus-compute-endpoint`, which connects with what the answer holds.
   *
   * @returns Its UUID, and the answer as given, with the addresses and
   * passwords of its queues: do not log it.
   * @throws VersionMismatch when the service no longer accepts this SDK.
   */
  async registerEndpoint(
    registration: IEndpointRegistration,
    signal?: AbortSignal
  ): Promise<IRegisteredEndpoint> {
    await this.versionCheck({ signal });
    return this._saveEndpoint('POST', '/v3/endpoints', registration, signal);
  }

  /**
   * Change what is registered about an endpoint: `PUT /v3/endpoints/{id}`.
   *
   * @returns As for `registerEndpoint`.
   * @throws VersionMismatch when the service no longer accepts this SDK.
   */
  async updateEndpoint(
    endpointId: string,
    registration: IEndpointRegistration,
    signal?: AbortSignal
  ): Promise<IRegisteredEndpoint> {
    await this.versionCheck({ signal });
    const url = path`/v3/endpoints/${endpointId}`;
    this.lookups.delete(path`/v2/endpoints/${endpointId}`);
    return this._saveEndpoint('PUT', url, registration, signal);
  }

  /**
   * Stop an endpoint: cut its connections, and refuse new ones for a while:
   * `POST /v3/endpoints/{id}/lock`.
   */
  async stopEndpoint(endpointId: string, signal?: AbortSignal): Promise<void> {
    const url = path`/v3/endpoints/${endpointId}/lock`;
    await this.send('POST', url, undefined, signal);
  }

  /**
   * Delete an endpoint: `DELETE /v2/endpoints/{id}`.
   */
  async deleteEndpoint(
    endpointId: string,
    signal?: AbortSignal
  ): Promise<void> {
    const url = path`/v2/endpoints/${endpointId}`;
    this.lookups.delete(url);
    await this.send('DELETE', url, undefined, signal);
  }

  private async _saveEndpoint(
    method: 'POST' | 'PUT',
    url: string,
    registration: IEndpointRegistration,
    signal?: AbortSignal
  ): Promise<IRegisteredEndpoint> {
    const answer = await this.send(
      method,
      url,
      endpointBody(registration),
      signal
    );
    const raw = answerRecord(answer, 'the endpoint');
    return { endpointId: requiredText(raw, 'endpoint_id'), raw };
  }
}
