import text from '../../jupyterlab_globus_compute/kernel/options.json?raw';

/** One option of the magic, as `options.json` declares it. */
export interface IOptionDeclaration {
  /** Long name, without dashes. */
  readonly name: string;
  /** One-letter form, without dash. */
  readonly short?: string;
  /** What stands for its value in help texts; absent for a flag. */
  readonly value?: string;
  /** Whether the value is a list, separated by commas. */
  readonly list?: boolean;
  /** What it does, for a person. */
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
