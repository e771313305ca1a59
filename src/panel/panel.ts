import type { ITranslator } from '@jupyterlab/translation';
import { SidePanel } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { AccordionPanel } from '@lumino/widgets';

import type { Diagnoses } from '../model/diagnoses';
import { TRANSLATION_DOMAIN } from '../model/format';
import type {
  IAccounts,
  IBatches,
  IClassFiles,
  IEndpointInfo,
  IEndpoints,
  IFunctions,
  IServices
} from '../tokens';

import type { IAccountDeeds } from './accounts/accountDetails';
import { AccountsModel } from './accounts/accountsModel';
import type { IPanelDeeds } from './batches/batchDeeds';
import { BatchesModel } from './batches/batchesModel';
import { BatchesSection } from './batches/batchesSection';
import { ClassModel, ClassRow } from './classes/classRow';
import { EndpointsModel } from './endpoints/endpointsModel';
import { EndpointsSection } from './endpoints/endpointsSection';
import type { IFunctionDeeds } from './functions/functionList';
import { FunctionsModel } from './functions/functionsModel';
import { FunctionsSection } from './functions/functionsSection';
import { computeIcon } from './icon';
import { PanelHeader } from './panelHeader';

/** Id of the side panel's widget. */
export const PANEL_ID = 'jp-globus-compute-panel';

/* Batches are many, endpoints and functions few. */
const SECTION_SIZES = [3, 1, 1];

/** What the side panel needs from its surroundings. */
export interface IComputePanelOptions {
  readonly batches: IBatches;
  readonly endpoints: IEndpoints;
  readonly functions: IFunctions;
  readonly services: IServices;
  readonly accounts: IAccounts;
  readonly classFiles: IClassFiles;
  readonly commands: CommandRegistry;
  readonly diagnoses: Pick<Diagnoses, 'get' | 'changed'>;
  readonly translator: ITranslator;
  readonly deeds: IPanelDeeds;
  readonly functionDeeds: IFunctionDeeds;
  readonly accountDeeds: IAccountDeeds;
  /** Fill in an endpoint's own configuration. */
  readonly configure: (endpoint: IEndpointInfo) => void;
}

/** The side panel: what runs, what ran, where things can run, and what. */
export class ComputePanel extends SidePanel {
  constructor(options: IComputePanelOptions) {
    super({ translator: options.translator });
    const { batches, deeds, translator } = options;
    const trans = translator.load(TRANSLATION_DOMAIN);
    this.batches = new BatchesModel(batches, trans);
    this.endpoints = new EndpointsModel(options.endpoints, options.services);
    this.functions = new FunctionsModel(options.functions, options.accounts);
    this.accounts = new AccountsModel(
      options.accounts,
      options.services,
      options.diagnoses
    );
    this.classes = new ClassModel(options.classFiles);
    this.id = PANEL_ID;
    this.addClass('jp-GlobusCompute-panel');
    this.title.icon = computeIcon;
    this.title.caption = trans.__('Globus Compute');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Globus Compute'));
    this.header.addWidget(
      new PanelHeader({
        endpoints: this.endpoints,
        accounts: this.accounts,
        deeds: options.accountDeeds,
        trans
      })
    );
    this.header.addWidget(new ClassRow(this.classes, options.commands, trans));
    this.addWidget(
      new BatchesSection({
        model: this.batches,
        batches,
        services: options.services,
        deeds,
        trans
      })
    );
    this.addWidget(
      new EndpointsSection({
        model: this.endpoints,
        trans,
        configure: options.configure,
        signIn: options.accountDeeds.onSignIn,
        copy: deeds.copy
      })
    );
    this.addWidget(
      new FunctionsSection({
        model: this.functions,
        trans,
        deeds: options.functionDeeds
      })
    );
    if (this.content instanceof AccordionPanel) {
      this.content.setRelativeSizes(SECTION_SIZES);
    }
  }

  /** What the list of batches shows. */
  readonly batches: BatchesModel;

  /** What the list of endpoints shows. */
  readonly endpoints: EndpointsModel;

  /** What the list of functions shows. */
  readonly functions: FunctionsModel;

  /** The class file beside the current notebook. */
  readonly classes: ClassModel;

  /** What the head shows of accounts. */
  readonly accounts: AccountsModel;

  /** Follow batches, endpoints, functions and accounts no longer. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this.batches.dispose();
    this.endpoints.dispose();
    this.functions.dispose();
    this.accounts.dispose();
    this.classes.dispose();
    super.dispose();
  }
}
