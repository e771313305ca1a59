/**
 * Registrations of endpoints, and what they allow.
 */

/**
 * What can be registered about an endpoint.
 */
export interface IEndpointRegistration {
  /** Its name. */
  name: string;

  /** Name to show. */
  displayName?: string;

  /** Whether it starts an endpoint for each user. */
  multiUser?: boolean;

  /** Facts about it, in the words of the API, e.g. `python_version`. */
  metadata?: Record<string, unknown>;

  /** UUIDs of the only functions it runs; all unless given. */
  allowedFunctions?: readonly string[];

  /** UUID of the Globus authentication policy its users must satisfy. */
  authenticationPolicy?: string;

  /** UUID of the Globus subscription it belongs to. */
  subscriptionId?: string;

  /** Whether everybody may see it. */
  public?: boolean;

  /** Whether it is for data that needs high assurance. */
  highAssurance?: boolean;

  /** Identities that manage it besides its owner. */
  admins?: readonly string[];
}

/**
 * The service's answer to a registration.
 */
export interface IRegisteredEndpoint {
  /** UUID of the endpoint. */
  endpointId: string;

  /**
   * The whole answer, with the addresses and passwords of the endpoint's
   * queues: do not log it.
   */
  raw: Record<string, unknown>;
}

/**
 * The functions an endpoint allows.
 */
export interface IAllowedFunctions {
  /** The endpoint. */
  endpointId: string;

  /** Whether it runs only the functions listed. */
  restricted: boolean;

  /** UUIDs of the functions; empty where all are allowed. */
  functions: string[];
}

/**
 * The body of `POST /v3/endpoints`, with what was given only.
 */
export function endpointBody(
  registration: IEndpointRegistration
): Record<string, unknown> {
  const body = {
    endpoint_name: registration.name,
    display_name: registration.displayName,
    multi_user: registration.multiUser,
    metadata: registration.metadata,
    allowed_functions: registration.allowedFunctions,
    authentication_policy: registration.authenticationPolicy,
    subscription_uuid: registration.subscriptionId,
    public: registration.public,
    high_assurance: registration.highAssurance,
    admins: registration.admins
  };
  return Object.fromEntries(
    Object.entries(body).filter(([, value]) => value !== undefined)
  );
}
