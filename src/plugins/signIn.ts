import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  Dialog,
  ICommandPalette,
  InputDialog,
  Notification,
  showDialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { ComputeModel } from '../model/compute';
import { IComputeModel } from '../model/compute';
import { TRANSLATION_DOMAIN } from '../model/format';
import type {
  IAccountInfo,
  IEndpointInfo,
  ISignInRequest,
  SignInRequirements
} from '../tokens';
import { CommandIDs } from '../tokens';

/** Arguments of a command on an account. */
const SERVICE_ARGS = {
  args: {
    type: 'object',
    properties: {
      service: {
        type: 'string',
        description: 'Name of the service; asks where several could be meant'
      }
    }
  }
} as const;

const SIGN_IN_ARGS = {
  args: {
    type: 'object',
    properties: {
      ...SERVICE_ARGS.args.properties,
      requirements: {
        type: ['object', 'null'],
        description: 'What a service said the sign-in must satisfy'
      }
    }
  }
} as const;

/** What the commands need. */
interface ISurroundings {
  readonly app: JupyterFrontEnd;
  readonly compute: ComputeModel;
  readonly translator: ITranslator;
  readonly trans: TranslationBundle;
}

/** Adds signing in and out, and looking into a connection, as commands. */
export const signInPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-globus-compute:sign-in',
  description: 'Adds the commands that sign in to compute services.',
  autoStart: true,
  requires: [IComputeModel],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app,
    compute: ComputeModel,
    maybeTranslator: ITranslator | null,
    palette: ICommandPalette | null
  ) => {
    const translator = maybeTranslator ?? nullTranslator;
    const trans = translator.load(TRANSLATION_DOMAIN);
    const surroundings = { app, compute, translator, trans };
    addSignIn(surroundings);
    addSignOut(surroundings);
    addCheck(surroundings);
    const commands = [
      CommandIDs.signIn,
      CommandIDs.signOut,
      CommandIDs.checkConnection
    ];
    commands.forEach(command =>
      palette?.addItem({ command, category: trans.__('Globus Compute') })
    );
    compute.accounts.changed.connect(() => {
      commands.forEach(command => {
        app.commands.notifyCommandChanged(command);
      });
    });
  }
};

function addSignIn(surroundings: ISurroundings): void {
  const { app, compute, trans } = surroundings;
  app.commands.addCommand(CommandIDs.signIn, {
    label: trans.__('Sign in…'),
    caption: trans.__('Sign in to a compute service, such as Globus Compute'),
    describedBy: SIGN_IN_ARGS,
    execute: args => {
      const named = serviceOf(compute, args, mayGain);
      // Browsers open a window only while they handle the press of a button.
      const page =
        named === undefined || opensItself(compute, named)
          ? null
          : openPage(trans);
      return guard(async () => {
        const service =
          named ??
          (await chooseService(
            surroundings,
            mayGain,
            trans.__('No service here is signed in to from JupyterLab.')
          ));
        if (service !== undefined) {
          const requirements = (args['requirements'] ??
            null) as SignInRequirements | null;
          await signIn(
            surroundings,
            service,
            requirements,
            page ?? (opensItself(compute, service) ? null : openPage(trans))
          );
        }
      });
    }
  });
}

async function signIn(
  { compute, translator }: ISurroundings,
  service: string,
  requirements: SignInRequirements | null,
  page: Window | null
): Promise<void> {
  const { accounts, services } = compute;
  let request: ISignInRequest | null;
  try {
    request = await accounts.beginSignIn(service, requirements);
  } catch (reason) {
    page?.close();
    throw reason;
  }
  if (!request) {
    page?.close();
    return;
  }
  page?.location.replace(request.url);
  const { finishSignIn } = await import('../panel/accounts/signInDialog');
  await finishSignIn({
    accounts,
    request,
    label: services.find(service)?.label ?? service,
    hasPage: page !== null,
    translator
  });
}

function addSignOut(surroundings: ISurroundings): void {
  const { app, compute, trans } = surroundings;
  app.commands.addCommand(CommandIDs.signOut, {
    label: trans.__('Sign out…'),
    caption: trans.__('Sign out of a compute service, and revoke the login'),
    describedBy: SERVICE_ARGS,
    execute: args =>
      guard(async () => {
        const service =
          serviceOf(compute, args, mayLose) ??
          (await chooseService(
            surroundings,
            mayLose,
            trans.__('Nobody is signed in here.')
          ));
        if (service !== undefined && (await confirm(surroundings, service))) {
          await compute.accounts.signOut(service);
          compute.diagnoses.forget(service);
        }
      })
  });
}

async function confirm(
  { compute, trans }: ISurroundings,
  service: string
): Promise<boolean> {
  const label = compute.services.find(service)?.label ?? service;
  const { button } = await showDialog({
    title: trans.__('Sign out of %1?', label),
    body: trans.__(
      'The login is revoked, in a terminal of this server too where it is shared. Tasks go on; cells that wait for them ask you to sign in again.'
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Sign out') })
    ]
  });
  return button.accept;
}

function addCheck(surroundings: ISurroundings): void {
  const { app, compute, trans } = surroundings;
  const any = (): boolean => true;
  app.commands.addCommand(CommandIDs.checkConnection, {
    label: trans.__('Check connection'),
    caption: trans.__(
      'Find out, step by step, how far requests to a compute service get'
    ),
    describedBy: SERVICE_ARGS,
    execute: args =>
      guard(async () => {
        const service =
          serviceOf(compute, args, any) ??
          (await chooseService(
            surroundings,
            any,
            trans.__('There is no service to check.')
          ));
        if (service === undefined) {
          return;
        }
        await app.commands.execute(CommandIDs.showPanel);
        const endpoint = await endpointToTry(compute, service);
        await compute.diagnoses.run(service, endpoint?.id ?? null);
      })
  });
}

/** The endpoint of a service that a sample task runs on, if it has one. */
async function endpointToTry(
  { endpoints }: ComputeModel,
  service: string
): Promise<IEndpointInfo | undefined> {
  const find = (): IEndpointInfo | undefined =>
    [endpoints.default, ...endpoints.items].find(
      endpoint => endpoint?.service === service
    ) ?? undefined;
  if (!find()) {
    // They may not have been read since somebody signed in.
    await endpoints.refresh();
  }
  return find();
}

type AccountTest = (account: IAccountInfo) => boolean;

const mayGain: AccountTest = ({ canSignIn }) => canSignIn;
const mayLose: AccountTest = ({ canSignOut }) => canSignOut;

/** Whether another extension signs in, and has a window of its own. */
function opensItself({ accounts }: ComputeModel, service: string): boolean {
  return accounts.find(service)?.method === 'extension';
}

/** The service that is named, or the only one that can be meant. */
function serviceOf(
  { accounts }: ComputeModel,
  args: ReadonlyPartialJSONObject,
  isMeant: AccountTest
): string | undefined {
  const named = args['service'];
  if (typeof named === 'string') {
    return named;
  }
  const meant = accounts.items.filter(isMeant);
  return meant.length === 1 ? meant[0].service : undefined;
}

/**
 * Let a person choose a service, after reading which there are.
 *
 * @param none - What to say where there is none.
 * @returns `undefined` if none was chosen.
 */
async function chooseService(
  { compute, trans }: ISurroundings,
  isMeant: AccountTest,
  none: string
): Promise<string | undefined> {
  const { accounts, services } = compute;
  await accounts.refresh();
  const meant = accounts.items.filter(isMeant).map(({ service }) => service);
  if (meant.length === 0) {
    Notification.info(accounts.problem ?? none, { autoClose: 5000 });
  }
  if (meant.length < 2) {
    return meant.at(0);
  }
  const labels = meant.map(name => services.find(name)?.label ?? name);
  const { value } = await InputDialog.getItem({
    title: trans.__('Which service?'),
    items: labels
  });
  return value === null ? undefined : meant[labels.indexOf(value)];
}

/**
 * An empty page for the sign-in; it cannot reach this one.
 *
 * @returns `null` where the browser does not allow it.
 */
function openPage(trans: TranslationBundle): Window | null {
  const page = window.open('', '_blank');
  if (page) {
    // What `noopener` says; but that gives no page to lead anywhere later.
    page.opener = null;
    page.document.title = trans.__('Signing in…');
  }
  return page;
}

/** What goes wrong is told in words. */
async function guard(deed: () => Promise<void>): Promise<void> {
  try {
    await deed();
  } catch (reason) {
    Notification.error(
      reason instanceof Error ? reason.message : String(reason),
      { autoClose: 10_000 }
    );
  }
}
