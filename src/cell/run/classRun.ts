import type { IBridgeStep } from '../../kernel/step';
import type { IService } from '../../model/services';
import { NotFoundError } from '../../sdk';
import type { IClassFunction, IClassRules } from '../../tokens';
import type { IClassedMagic } from '../classDefaults';
import { withClass } from '../classDefaults';
import type { IMagic } from '../magic/magic';
import { checkClassLimits } from './classLimits';

/** What the class file of the folder means for one run of a cell. */
export class ClassRun {
  /**
   * @param rules - What the class file sets; `null` if none is accepted.
   * @param chosen - Id of the endpoint that the person chose for the notebook.
   */
  constructor(
    magic: IMagic,
    source: string,
    private readonly _rules: IClassRules | null,
    chosen: string | null
  ) {
    this._classed = _rules
      ? withClass(magic, source, _rules, chosen)
      : { magic, functions: [], isThere: false, detour: null };
  }

  /** The line of the cell, filled in. */
  get magic(): IMagic {
    return this._classed.magic;
  }

  /** SHA-256 of the class file, for the gateway to keep to its limits. */
  get hash(): string | undefined {
    return this._rules?.file.hash;
  }

  /** What the card says of where the cell runs; nothing where all is as usual. */
  get note(): string | undefined {
    return this._classed.detour ?? undefined;
  }

  /**
   * The functions of the class that the cell can call there, by name and id.
   * Where the class has none, those with a source are registered.
   *
   * @param remark - Told of those that the cell cannot call there, and why.
   * @throws ComputeError when the service cannot be asked.
   */
  async offered(
    service: IService,
    remark: (text: string) => void
  ): Promise<(readonly [name: string, id: string])[]> {
    const { name, kind } = service.profile;
    const isTheirs = name === this._rules?.content.service;
    const found = await Promise.all(
      this._classed.functions.map(async item => {
        // An id of somebody's own computer means nothing on another one.
        const isKnown = isTheirs && (kind !== 'local' || !item.source);
        const lookUp = isKnown ? known : registered;
        const id = await lookUp(service, item, remark);
        return id === null ? [] : [[item.name, id] as const];
      })
    );
    return found.flat();
  }

  /**
   * Make sure that a step is within the limits of the class.
   *
   * @param sent - How many tasks this run has sent already.
   * @throws RefusedError
   */
  check(step: IBridgeStep, sent: number): void {
    if (this._rules) {
      checkClassLimits(step, this._rules, sent);
    }
  }

  private readonly _classed: IClassedMagic;
}

type LookUp = (
  service: IService,
  item: IClassFunction,
  remark: (text: string) => void
) => Promise<string | null>;

const known: LookUp = async ({ client, profile }, { name, id }, remark) => {
  try {
    await client.getFunction(id);
    return id;
  } catch (reason) {
    if (reason instanceof NotFoundError) {
      remark(
        `The class file has a function ${name} whose id (${id}) ${profile.label} does not know. Ask whoever made the class file.`
      );
      return null;
    }
    throw reason;
  }
};

const registered: LookUp = (
  { functions, profile },
  { name, source },
  remark
) => {
  if (source === undefined) {
    remark(
      `The function ${name} of the class file cannot be called on ${profile.label}: the file has no source of it. ` +
        'Run the cell where the class file says, or define the function in a cell.'
    );
    return Promise.resolve(null);
  }
  // The text itself tells one source from another.
  return functions.register({ name, entry: name, source, hash: source });
};
