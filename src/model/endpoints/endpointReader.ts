import type { IAccounts, IEndpointInfo, IUnseenService } from '../../tokens';
import type { Accounts } from '../accounts/accounts';
import { readSignInNeed } from '../accounts/signInNeed';
import type { IService, Services } from '../services';
import { describeEndpoint, describeTutorial } from './endpointFacts';

/**
 * The endpoint that Globus offers everybody to try.
 *
 * @see https://globus-compute.readthedocs.io/en/stable/quickstart.html
 */
const TUTORIAL_ID = '4b116d3c-1703-4f8f-9f6f-39921e5864df';

/** An endpoint that a service may know without listing it. */
export interface IEndpointPlace {
  readonly id: string;
  readonly service: string;
}

/** Endpoints that are wanted besides those that the services list. */
export interface IWantedEndpoints {
  /** Those that a person added. */
  readonly added: readonly IEndpointPlace[];
  /** Those that a cell or a notebook reached. */
  readonly reached: readonly IEndpointPlace[];
}

/** What all services say of their endpoints. */
export interface IEndpointReading {
  readonly items: readonly IEndpointInfo[];
  /** The services that wait for a login. */
  readonly unseen: readonly IUnseenService[];
  /** Why endpoints are missing, in one sentence. */
  readonly problem: string | null;
}

/** What reading endpoints asks about accounts. */
export type ReaderAccounts = Pick<Accounts, 'ready'> & Pick<IAccounts, 'find'>;

/** Reads endpoints from their services. */
export class EndpointReader {
  constructor(
    services: Pick<Services, 'all' | 'get'>,
    accounts: ReaderAccounts
  ) {
    this._services = services;
    this._accounts = accounts;
  }

  /**
   * Read what every service offers; one that fails hides no other.
   *
   * @param wanted - Asked after a service has said what it lists.
   * @throws Error when the services themselves cannot be read.
   */
  async readAll(wanted: () => IWantedEndpoints): Promise<IEndpointReading> {
    const all = await this._services.all({ again: true });
    const services = all.filter(
      ({ profile }) => profile.unavailable === undefined
    );
    const unseen: IUnseenService[] = [];
    const outcomes = await Promise.allSettled(
      services.map(service => this._readSeen(service, wanted, unseen))
    );
    const items = outcomes.flatMap(outcome =>
      outcome.status === 'fulfilled' ? outcome.value : []
    );
    const failure = outcomes.find(({ status }) => status === 'rejected');
    const problem = failure
      ? messageOf((failure as PromiseRejectedResult).reason)
      : null;
    return {
      items,
      unseen,
      // Who has nowhere to run is told first what there could be.
      problem: items.length === 0 ? (whyUnavailable(all) ?? problem) : problem
    };
  }

  /**
   * Read one endpoint, listed by its service or not.
   *
   * @param isAdded - Whether a person adds it.
   * @throws ComputeError when the service does not know it, or wants a login.
   */
  async read(
    { id, service: name }: IEndpointPlace,
    isAdded = false
  ): Promise<IEndpointInfo> {
    const service = await this._services.get(name);
    const facts = await service.client.getEndpointMetadata(id);
    const named = { id, name: facts.name, displayName: facts.displayName };
    return describeEndpoint(service, named, this._me(service), isAdded);
  }

  /** Read the endpoints of a service, unless that has to wait. */
  private async _readSeen(
    service: IService,
    wanted: () => IWantedEndpoints,
    unseen: IUnseenService[]
  ): Promise<IEndpointInfo[]> {
    const { name, label, needsAccount } = service.profile;
    if (needsAccount) {
      await this._accounts.ready();
      if (this._accounts.find(name)?.state === 'signed-out') {
        unseen.push({ service: name, label, requirements: null });
        return [];
      }
    }
    try {
      return await this._readService(service, wanted);
    } catch (reason) {
      const need = readSignInNeed(reason);
      if (!need || !this._accounts.find(name)?.canSignIn) {
        throw reason;
      }
      unseen.push({ service: name, label, requirements: need.requirements });
      return [];
    }
  }

  private async _readService(
    service: IService,
    wanted: () => IWantedEndpoints
  ): Promise<IEndpointInfo[]> {
    const { name, kind } = service.profile;
    const me = this._me(service);
    const listed = await service.client.getEndpoints();
    const known = new Set(listed.map(({ id }) => id));
    const idsOf = (places: readonly IEndpointPlace[]): string[] =>
      places
        .filter(({ id, service: of }) => of === name && !known.has(id))
        .map(({ id }) => id);
    const describe = (id: string): Promise<IEndpointInfo> =>
      describeEndpoint(service, { id, name: id, displayName: id }, me, true);
    const { added: byPerson, reached } = wanted();
    const added = idsOf(byPerson);
    const hasTutorial =
      kind === 'cloud' &&
      !known.has(TUTORIAL_ID) &&
      !added.includes(TUTORIAL_ID);
    const found = await Promise.all([
      ...listed.map(endpoint => describeEndpoint(service, endpoint, me)),
      ...idsOf(reached)
        .filter(id => !added.includes(id))
        .map(async id => ({ ...(await describe(id)), isAdded: undefined })),
      ...added.map(describe),
      hasTutorial ? describeTutorial(service, TUTORIAL_ID) : null
    ]);
    return found
      .filter(endpoint => endpoint !== null)
      .map(endpoint =>
        endpoint.id === TUTORIAL_ID && kind === 'cloud'
          ? { ...endpoint, isTutorial: true }
          : endpoint
      );
  }

  /** UUID of whoever is signed in to a service, where known. */
  private _me({ profile }: IService): string | null {
    return this._accounts.find(profile.name)?.identityId ?? null;
  }

  private readonly _services: Pick<Services, 'all' | 'get'>;
  private readonly _accounts: ReaderAccounts;
}

/** Why a service cannot be used here, if there is one. */
function whyUnavailable(services: readonly IService[]): string | null {
  const found = services.find(
    ({ profile }) => profile.unavailable !== undefined
  );
  return found?.profile.unavailable ?? null;
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
