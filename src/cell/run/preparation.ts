import type { KernelBridge } from '../../kernel/bridge';
import type { IBridgeSession } from '../../kernel/bridgeSession';
import { StaleDefaultsError } from '../../kernel/errors';
import type { KernelOutput } from '../../kernel/execution';
import type { IBridgeStep } from '../../kernel/step';
import type { SignInWaiter } from '../../model/accounts/signInGate';
import type { IClassRules } from '../../tokens';
import { bridgeOptions } from '../magic/bridgeOptions';
import type { IMagic } from '../magic/magic';
import { parseMagic } from '../magic/magic';
import type { IAim } from './aim';
import { findAim } from './aim';
import { ClassRun } from './classRun';
import type { IRunServices, IRunTarget } from './runServices';

/** A cell whose text the kernel has run up to where it first needs results. */
export interface IPreparation {
  /** Its options, those of the notebook and of the class included. */
  readonly magic: IMagic;
  readonly classRun: ClassRun;
  /** Where it runs; `null` for this kernel. */
  readonly aim: IAim | null;
  readonly session: IBridgeSession;
  readonly step: IBridgeStep;
}

/** How a cell is prepared. */
interface IPreparing {
  /** Waits where a person has to sign in first. */
  readonly waiter: SignInWaiter;
  /** Receives what the cell shows. */
  readonly onOutput: (output: KernelOutput) => void;
}

/**
 * Read the options of a cell, find out where it runs, and have the kernel run
 * it up to where it first needs results.
 *
 * @returns `null` when the cell asks for help only.
 * @throws MagicError, RefusedError that say what to write instead.
 * @throws ComputeError when a service cannot be asked.
 * @throws what {@link KernelBridge.start} throws.
 */
export async function prepare(
  services: IRunServices,
  target: IRunTarget,
  preparing: IPreparing
): Promise<IPreparation | null> {
  const bridge = services.bridge(target.kernel);
  const rules = services.classRules(target.notebookPath);
  // It is read beside the defaults, which may be what is wrong.
  rules.catch(() => undefined);
  try {
    return await prepareOnce(services, target, preparing, bridge, rules);
  } catch (reason) {
    if (reason instanceof StaleDefaultsError) {
      return prepareOnce(services, target, preparing, bridge, rules);
    }
    throw reason;
  }
}

async function prepareOnce(
  services: IRunServices,
  target: IRunTarget,
  { waiter, onOutput }: IPreparing,
  bridge: KernelBridge,
  rules: Promise<IClassRules | null>
): Promise<IPreparation | null> {
  const { source, cellId } = target;
  const defaults = await bridge.defaults();
  target.onDefaults?.(defaults);
  const given = parseMagic(source, defaults);
  if (given.help) {
    return null;
  }
  const classRun = new ClassRun(
    given,
    source,
    await rules,
    services.endpoints.chosenFor(target.notebookPath)
  );
  const aim =
    given.local && !given.dryRun
      ? null
      : await findAim(services, classRun, target, waiter);
  const magic = aim ? { ...classRun.magic, group: aim.group } : classRun.magic;
  const options = bridgeOptions(magic, aim?.offered);
  const { session, step } = await bridge.start(
    { source, cellId, directory: null, options },
    onOutput
  );
  return { magic, classRun, aim, session, step };
}
