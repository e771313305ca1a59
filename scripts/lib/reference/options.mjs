import { declaredIn } from './declared.mjs';
import { code, plain, table } from './markdown.mjs';

/** Where the options are declared. */
const declared = 'jupyterlab_globus_compute/kernel/options.json';

/** What a value has to be, by its type. */
const values = /** @type {Readonly<Record<string, string>>} */ ({
  count: 'A whole number.',
  json: 'JSON, or `$NAME` for a variable of the notebook.',
  'name=expression': 'A name, `=`, and a Python expression.',
  'name=uuid': 'A name, `=`, and the id of a function.',
  names: 'Names of variables, separated by commas.',
  seconds: 'A time: `90`, `1.5m` or `2h`.',
  uuid: 'An id, a UUID.'
});

/**
 * @typedef {object} IOption
 * @property {string} name
 * @property {string} [short]
 * @property {string} [value]
 * @property {string} [type]
 * @property {boolean} [repeat]
 * @property {string} [opposite]
 * @property {readonly { text: string, help: string }[]} [values]
 * @property {string} help
 */

/**
 * @returns {string} the page of the options of `%%compute`
 */
export function optionsPage() {
  const { options } = /** @type {{ options: IOption[] }} */ (
    declaredIn(declared)
  );
  const rows = options.map(option => [
    `[${code(long(option))}](#${option.name})${abbreviation(option)}`,
    plain(option.help)
  ]);
  return [
    '# Options of %%compute\n',
    'They stand behind `%%compute`, in any order. A value that holds spaces is quoted: `--name "my batch"`. `%compute_config` with the same options sets them for all cells of the notebook; a cell’s own options win. In JupyterLab the line is completed, checked and explained while you type, and the bar above the cell edits it.\n',
    table(['Option', 'What it does'], rows),
    ...options.map(section)
  ].join('\n');
}

/**
 * @param {IOption} option
 * @returns {string} a section about it, whose anchor is its name
 */
function section(option) {
  const notes = [
    option.type === undefined ? '' : (values[option.type] ?? ''),
    option.repeat ? 'It may be given several times.' : '',
    option.opposite
      ? `The contrary is [${code(`--${option.opposite}`)}](#${option.opposite}); the one given last counts.`
      : ''
  ].filter(Boolean);
  return [
    `## ${option.name}\n`,
    `${code(long(option))}${abbreviation(option)}\n`,
    `${plain(option.help)}${notes.length > 0 ? `\n\n${notes.join(' ')}` : ''}\n`,
    table(
      ['Value', 'What it means'],
      (option.values ?? []).map(({ text, help }) => [code(text), plain(help)])
    )
  ].join('\n');
}

/**
 * @param {IOption} option
 * @returns {string} for example `--endpoint NAME`
 */
function long({ name, value }) {
  return value === undefined ? `--${name}` : `--${name} ${value}`;
}

/**
 * @param {IOption} option
 * @returns {string} its short form, where it has one
 */
function abbreviation({ short }) {
  return short === undefined ? '' : `, or ${code(`-${short}`)}`;
}
