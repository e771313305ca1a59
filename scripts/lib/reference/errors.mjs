import ts from 'typescript';

import { declaredIn } from './declared.mjs';
import { code, list, message, plain, table } from './markdown.mjs';
import { docOf, nodesOf, sourcesIn, wordsOf } from './typescript.mjs';

/** Where the failures that have a remedy are declared. */
const knownFailures = 'jupyterlab_globus_compute/kernel/failures.json';

/** What refuses a cell in JupyterLab, before the kernel has a say. */
const refusals = new Set(['RefusedError']);

/** What a refusal is about, by the module of the bridge that refuses. */
const topics = {
  'The line': [
    'asked_calls',
    'given_options',
    'grid',
    'magic_line',
    'magic_values',
    'serializers',
    'settings'
  ],
  'Arguments, and calls that were not made': [
    'arguments',
    'call_session',
    'lazy_calls'
  ],
  'The lines that run there': ['cell_text', 'dependencies', 'upper_part'],
  'Cells that are sent as a whole': ['body_session']
};

/** What JupyterLab itself refuses. */
const inLab = 'Endpoints, functions and sizes, in JupyterLab';

/** What the magics refuse in other front ends. */
const headless = 'Without JupyterLab';

/** What all other refusals of the bridge are about. */
const otherTopic = 'Remote functions and results in the kernel';

/**
 * @typedef {object} IRefusal
 * @property {string} folder
 * @property {string} module
 * @property {string} text
 *
 * @typedef {object} ICodedError
 * @property {'gateway' | 'local' | 'startup'} of
 * @property {number} status
 * @property {string} code
 * @property {string} text
 */

/**
 * @param {object} described - what `describe_python.py` tells
 * @param {readonly IRefusal[]} described.refusals
 * @param {readonly ICodedError[]} described.codes
 * @returns {string} the page of everything that can be refused or can fail
 */
export function errorsPage(described) {
  return [
    '# Errors\n',
    'Every message of this project says what happened and what to do next. This page lists them all. Words in italics are filled in. [Errors, on purpose](../../examples/errors-on-purpose.ipynb) shows the common ones as they look in a notebook.\n',
    '## A task failed\n',
    'The card shows the error, the line of the cell, the traceback and what was printed before. Below some errors it says what to do:\n',
    failuresTable(),
    'An error that is not listed comes from the code of the cell itself, and speaks for itself.\n',
    '## A cell is refused\n',
    'Nothing was sent. The text names the line, the name or the option, and the way out.\n',
    ...byTopic([...described.refusals, ...labRefusals()]),
    '## The Jupyter server answers with an error\n',
    'These come from [the gateway](../gateway.md), the part of the extension in the Jupyter server. The notification or the card shows the text; programs read the code.\n',
    codesTable(described.codes.filter(({ of }) => of === 'gateway')),
    '## The local service answers with an error\n',
    'The codes of [the local service](../local-service.md); those of Globus Compute’s hosted service have the same shape.\n',
    codesTable(described.codes.filter(({ of }) => of === 'local')),
    '### It does not start\n',
    'It ends with the text on its standard error. The Jupyter server’s log shows it too.\n',
    list(
      described.codes.filter(({ of }) => of === 'startup').map(one => one.text)
    ),
    '## Errors of the TypeScript SDK\n',
    'Every error that the SDK rejects with is a `ComputeError`. `code` and `httpStatus` tell programs more.\n',
    table(
      ['Class', 'What happened'],
      sdkErrors().map(({ name, base, doc }) => [
        code(name),
        `${plain(doc)}${base === 'ComputeError' || name === 'ComputeError' ? '' : ` A ${code(base)}.`}`
      ])
    )
  ].join('\n');
}

/**
 * @returns {string} the failures that have a remedy
 */
function failuresTable() {
  const { failures } =
    /** @type {{ failures: { seen: string, advice: string }[] }} */ (
      declaredIn(knownFailures)
    );
  return table(
    ['What the card says', 'What happened, and what to do'],
    failures.map(({ seen, advice }) => [
      code(seen),
      message(
        advice.replaceAll('%1', '{the endpoint}').replaceAll('%2', '{name}')
      )
    ])
  );
}

/**
 * @param {readonly IRefusal[]} all
 * @returns {string[]} a section for each topic
 */
function byTopic(all) {
  const names = [...Object.keys(topics), otherTopic, inLab, headless];
  return names.map(topic => {
    const texts = all
      .filter(one => topicOf(one) === topic)
      .map(one => one.text);
    return `### ${topic}\n\n${list([...new Set(texts)])}`;
  });
}

/**
 * @param {IRefusal} refusal
 * @returns {string} what it is about
 */
function topicOf({ folder, module }) {
  if (folder !== 'kernel/bridge') {
    return folder === 'headless' ? headless : inLab;
  }
  const found = Object.entries(topics).find(([, all]) => all.includes(module));
  return found?.[0] ?? otherTopic;
}

/**
 * @returns {IRefusal[]} what JupyterLab refuses by itself
 */
function labRefusals() {
  return sourcesIn('src/cell')
    .flatMap(file => [...nodesOf(file)])
    .filter(ts.isNewExpression)
    .filter(node => refusals.has(node.expression.getText()))
    .flatMap(node => node.arguments?.slice(0, 1) ?? [])
    .map(argument => ({
      folder: 'src/cell',
      module: '',
      text: wordsOf(argument)
    }))
    .filter(({ text }) => !/^\{[^}]*\}$/.test(text));
}

/**
 * @param {readonly ICodedError[]} codes
 * @returns {string} a row for each text
 */
function codesTable(codes) {
  const rows = codes
    .map(({ code: name, status, text }) => [
      name.includes('{') ? message(name) : code(name),
      String(status),
      /^\{[^}]*\}$/.test(text) ? 'The text says what.' : message(text)
    ])
    .sort(([a = ''], [b = '']) => a.localeCompare(b, 'en'));
  return table(['Code', 'HTTP', 'What it says'], rows);
}

/**
 * @returns {{ name: string, base: string, doc: string }[]} the exported error
 *   classes of the SDK
 */
function sdkErrors() {
  const classes = sourcesIn('src/sdk')
    .flatMap(file => [...nodesOf(file)])
    .filter(ts.isClassDeclaration)
    .map(node => ({
      name: node.name?.text ?? '',
      base: node.heritageClauses?.[0]?.types[0]?.expression.getText() ?? '',
      doc: docOf(node)
    }));
  const names = new Set(['ComputeError']);
  // Bases may stand behind those that extend them.
  for (let size = 0; size < names.size;) {
    size = names.size;
    classes
      .filter(({ base }) => names.has(base))
      .forEach(({ name }) => names.add(name));
  }
  return classes.filter(({ name }) => names.has(name));
}
