import type { ServerConnection } from '@jupyterlab/services';
import { Token } from '@lumino/coreutils';

import { Accounts } from './accounts/accounts';
import { GatewayAccounts } from './accounts/gatewayAccounts';
import { LoginManagers } from './accounts/loginManagers';
import { SignInGate } from './accounts/signInGate';
import { Batches } from './batches/batches';
import { ClassFiles } from './classes/classFiles';
import { ClassOverviews } from './classes/classOverviews';
import { Readiness } from './classes/readiness';
import { Diagnoses } from './diagnoses';
import { DirectAccounts } from './direct/directAccounts';
import { DirectServices } from './direct/directServices';
import { EndpointChoices } from './endpoints/endpointChoices';
import { Endpoints } from './endpoints/endpoints';
import { GatewayEvents } from './events';
import { FunctionList } from './functionList';
import { Gateway } from './gateway';
import { RegisteredFunctions } from './registeredFunctions';
import { Services } from './services';
import { Landings } from './vault/landings';
import { LateResults } from './vault/lateResults';
import { Vault } from './vault/vault';
import { VaultList } from './vault/vaultList';

/** What this JupyterLab knows of compute services, as its own rooms see it. */
export class ComputeModel {
  constructor(settings: ServerConnection.ISettings) {
    const gateway = new Gateway(settings);
    const events = new GatewayEvents(gateway);
    this.vault = new Vault(gateway);
    this.classOverviews = new ClassOverviews(gateway);
    this.loginManagers = new LoginManagers();
    this.direct = new DirectServices(this.loginManagers);
    this.services = new Services(gateway, events, this.direct);
    this.landings = new Landings(this.vault);
    const logins = new GatewayAccounts(gateway);
    const ownLogins = new DirectAccounts(this.direct);
    this.accounts = new Accounts(
      async () => ((await this.services.isDirect()) ? ownLogins : logins),
      events
    );
    this.accounts.changed.connect(({ items }) => {
      for (const { service, identityId } of items) {
        if (identityId !== null) {
          this.services.useIdentity(service, identityId);
        }
      }
    });
    this.diagnoses = new Diagnoses(this.accounts);
    this.accounts.renewed.connect((_, service) => {
      this.diagnoses.forget(service);
    });
    this.signIns = new SignInGate(this.accounts);
    this.endpointChoices = new EndpointChoices();
    this.endpoints = new Endpoints(
      this.services,
      this.accounts,
      this.endpointChoices
    );
    this.classFiles = new ClassFiles(gateway, this);
    this.readiness = new Readiness(this);
    this.list = new VaultList(this.vault, events);
    this.batches = new Batches({
      services: this.services,
      signIns: this.signIns,
      vault: this.vault,
      list: this.list,
      landings: this.landings
    });
    this.results = new LateResults(this.vault, this.services);
    this.registeredFunctions = new RegisteredFunctions();
    this.functions = new FunctionList(
      this.services,
      this.batches,
      this.registeredFunctions
    );
  }

  readonly loginManagers: LoginManagers;
  readonly direct: DirectServices;
  readonly services: Services;
  readonly accounts: Accounts;
  readonly diagnoses: Diagnoses;
  readonly signIns: SignInGate;
  readonly endpointChoices: EndpointChoices;
  readonly endpoints: Endpoints;
  readonly classFiles: ClassFiles;
  readonly readiness: Readiness;
  readonly vault: Vault;
  readonly classOverviews: ClassOverviews;
  readonly landings: Landings;
  readonly list: VaultList;
  readonly batches: Batches;
  readonly results: LateResults;
  readonly registeredFunctions: RegisteredFunctions;
  readonly functions: FunctionList;
}

/** Token of the {@link ComputeModel}, for this extension's own plugins. */
export const IComputeModel = new Token<ComputeModel>(
  'jupyterlab-globus-compute:IComputeModel',
  'What this JupyterLab knows of compute services; not for other extensions.'
);
