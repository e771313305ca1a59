import { settingSchemas } from './declared.mjs';
import { code, plain, table } from './markdown.mjs';

/**
 * @typedef {object} IProperty
 * @property {string} [title]
 * @property {string} [description]
 * @property {string} [type]
 * @property {unknown} [default]
 * @property {readonly { const: unknown, title?: string }[]} [oneOf]
 * @property {readonly unknown[]} [enum]
 *
 * @typedef {object} ISchema
 * @property {string} title
 * @property {string} description
 * @property {Record<string, IProperty>} properties
 *
 * @typedef {object} IServerSetting
 * @property {string} name
 * @property {string} type
 * @property {string} default
 * @property {string} help
 *
 * @typedef {object} IArgument
 * @property {string} name
 * @property {string | null} takes
 * @property {string} help
 */

/**
 * @param {object} described - what `describe_python.py` tells
 * @param {readonly IServerSetting[]} described.settings
 * @param {readonly IArgument[]} described.arguments
 * @returns {string} the page of all settings
 */
export function settingsPage({ settings, arguments: given }) {
  return [
    '# Settings\n',
    'There are three places: JupyterLab, for what each person sees; the Jupyter server, for whoever sets it up; and the command line of the local service, where that is started by hand.\n',
    '## In JupyterLab\n',
    'In _Settings → Settings Editor_, or as `overrides.json` for all people of a server.\n',
    ...settingSchemas().map(pluginSettings),
    '## In the Jupyter server\n',
    'In `jupyter_server_config.py`, as `c.GlobusComputeExtension.NAME = …`, or on the command line, as `--GlobusComputeExtension.NAME=…`. The [administrator’s guide](../administrators.md) says when which is needed.\n',
    table(
      ['Setting', 'Default', 'What it does'],
      settings.map(({ name, default: value, help }) => [
        code(name),
        code(value),
        plain(help)
      ])
    ),
    '## On the command line of the local service\n',
    'Behind `python -m jupyterlab_globus_compute.local`, or one a line in a file that is given as `@FILE`. [The local service](../local-service.md) tells more.\n',
    table(
      ['Argument', 'What it does'],
      given.map(({ name, takes, help }) => [
        code(takes === null ? name : `${name} ${takes}`),
        plain(help)
      ])
    )
  ].join('\n');
}

/**
 * @param {ReturnType<typeof settingSchemas>[number]} plugin
 * @returns {string} a section about the settings of a plugin
 */
function pluginSettings({ name, schema }) {
  const { title, description, properties } = /** @type {ISchema} */ (
    /** @type {unknown} */ (schema)
  );
  const rows = Object.entries(properties).map(([key, property]) => [
    code(key),
    plain(property.title ?? ''),
    plain(property.description ?? '') + choices(property),
    code(JSON.stringify(property.default ?? null))
  ]);
  if (rows.length === 0) {
    return '';
  }
  return [
    `### ${title}\n`,
    `\`jupyterlab-globus-compute:${name}\`. ${plain(description)}\n`,
    table(['Setting', 'Name', 'What it does', 'Default'], rows)
  ].join('\n');
}

/**
 * @param {IProperty} property
 * @returns {string} what it may be, where that is listed
 */
function choices({ oneOf, enum: values }) {
  const named = (oneOf ?? []).map(
    choice =>
      `${code(String(choice.const))}${choice.title ? ` (${plain(choice.title)})` : ''}`
  );
  const all = [...named, ...(values ?? []).map(value => code(String(value)))];
  return all.length > 0 ? ` One of ${all.join(', ')}.` : '';
}
