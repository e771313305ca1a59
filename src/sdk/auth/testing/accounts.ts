/**
 * Who is known to the provider of the tests: people, and programs.
 */

/** An identity, as Globus Auth describes it. */
export interface IIdentity {
  /** Its UUID, `sub` in tokens. */
  sub: string;

  /** Its name at its organisation. */
  username: string;

  /** A person's name. */
  name: string;

  /** Where mail goes. */
  email: string;
}

/** Identity of the person who signs in. */
export const ACCOUNT = 'ada0c0de-0000-4000-8000-000000000001';

/** Another identity of the same person, at another organisation. */
const LINKED_ACCOUNT = 'ada0c0de-0000-4000-8000-000000000002';

const PEOPLE: readonly IIdentity[] = [
  {
    sub: ACCOUNT,
    username: 'ada@university.example',
    name: 'Ada Lovelace',
    email: 'ada@university.example'
  },
  {
    sub: LINKED_ACCOUNT,
    username: 'lovelace@hpc.example',
    name: 'Ada Lovelace',
    email: 'lovelace@hpc.example'
  }
];

/** An identity by its UUID; a program has that of its client. */
export function identityOf(sub: string): IIdentity {
  const username = `${sub}@clients.auth.globus.org`;
  return (
    PEOPLE.find(person => person.sub === sub) ?? {
      sub,
      username,
      name: 'A program of the tests',
      email: username
    }
  );
}

/** All identities of whoever has this one. */
export function identitySetOf(sub: string): readonly IIdentity[] {
  return PEOPLE.some(person => person.sub === sub) ? PEOPLE : [identityOf(sub)];
}

/** A client that has a secret. */
export interface IConfidentialClient {
  clientId: string;
  clientSecret: string;
}

/** A native client of the tests. */
export const NATIVE_CLIENT = 'native-client';

/** The native client of the Python SDK, `DEFAULT_CLIENT_ID` there. */
const PYTHON_SDK_CLIENT = '4cf29807-cf21-49ec-9443-ff9a3fb9f81c';

/** The native clients that may ask for a sign-in. */
export const NATIVE_CLIENTS = [NATIVE_CLIENT, PYTHON_SDK_CLIENT];

/** A confidential client, with a secret that must be encoded to be sent. */
export const SERVICE_CLIENT: IConfidentialClient = {
  clientId: 'service-client',
  clientSecret: 'service-client-secret: /+ %'
};

/** A confidential client such as `GLOBUS_COMPUTE_CLIENT_ID` names. */
export const PROGRAM_CLIENT: IConfidentialClient = {
  clientId: 'c0ffee00-0000-4000-8000-000000000003',
  clientSecret: 'secret-of-the-program'
};

/** The Compute service, which asks what a token is worth. */
export const COMPUTE_CLIENT: IConfidentialClient = {
  clientId: 'facd7ccc-c5f4-42aa-916b-a0e270e2c2a9',
  clientSecret: 'secret-of-the-compute-service'
};
