import text from '../../../jupyterlab_globus_compute/kernel/options.json?raw';

/**
 * What the value of an option has to be: `names` are variables, separated by
 * commas; `json` is JSON or a variable as `$name`; `group` is a UUID or the
 * name of a group; `name=…` is a name and
 * what belongs to it. Any text where there is none.
 */
type ValueType =
  | 'count'
  | 'group'
  | 'json'
  | 'name=expression'
  | 'name=uuid'
  | 'names'
  | 'seconds'
  | 'uuid';

/** One option of the magic, as `options.json` declares it. */
export interface IOptionDeclaration {
  /** Long name, without dashes. */
  readonly name: string;
  /** One-letter form, without dash. */
  readonly short?: string;
  /** What stands for its value in help texts; absent for a flag. */
  readonly value?: string;
  /** What the value has to be; any text where absent. */
  readonly type?: ValueType;
  /** Whether the value is a list, separated by commas. */
  readonly list?: boolean;
  /** Whether it may be given several times, each time for more. */
  readonly repeat?: boolean;
  /** Name of the flag that says the contrary; the last one given counts. */
  readonly opposite?: string;
  /** The values that it takes; any where absent. */
  readonly values?: readonly IOptionValue[];
  /** What it does, for a person. */
  readonly help: string;
}

/** A value that an option takes. */
interface IOptionValue {
  readonly text: string;
  /** What it means, for a person. */
  readonly help: string;
}

/** Every option of `%%compute`. */
export const OPTIONS: readonly IOptionDeclaration[] = (
  JSON.parse(text) as { options: IOptionDeclaration[] }
).options;

/** How an option is written, as `-e/--endpoint NAME`. */
export function usage({ name, short, value }: IOptionDeclaration): string {
  const names = short ? `-${short}/--${name}` : `--${name}`;
  return value ? `${names} ${value}` : names;
}

/** What every option does, as text in two columns. */
export function helpText(): string {
  const width = Math.max(...OPTIONS.map(option => usage(option).length));
  const lines = OPTIONS.map(
    option => `  ${usage(option).padEnd(width)}  ${option.help}`
  );
  return ['%%compute runs a cell on an endpoint of Globus Compute.', '']
    .concat(lines)
    .join('\n');
}
