import ts from 'typescript';

import { Failure } from '../failure.mjs';
import { settingSchemas } from './declared.mjs';
import { code, plain, table } from './markdown.mjs';
import { docOf, nodesOf, sourcesIn } from './typescript.mjs';

/**
 * @typedef {object} ICommand
 * @property {string} key - in `CommandIDs`
 * @property {string} id
 * @property {string} doc
 * @property {string} [label]
 * @property {string} [caption]
 */

/**
 * @returns {string} the page of the commands
 * @throws Failure for a command whose label is not to be found
 */
export function commandsPage() {
  const commands = declaredCommands();
  const keys = shortcuts();
  const inPalette = paletteCommands();
  const inMenus = menuCommands();
  const isListed = (/** @type {ICommand} */ { id, key }) =>
    inMenus.has(id) || inPalette.has(key);
  const people = commands.filter(isListed);
  const programs = commands.filter(command => !isListed(command));
  return [
    '# Commands\n',
    'What the buttons do can be done with the keyboard, from _Run → Globus Compute_, from the menu of a cell, and from the command palette (_Ctrl Shift C_). Shortcuts are changed in _Settings → Settings Editor → Keyboard Shortcuts_.\n',
    table(
      ['Command', 'What it does', 'Shortcut', 'Id'],
      people.map(({ id, label, caption, doc }) => [
        plain(label ?? ''),
        plain(caption ?? doc),
        (keys.get(id) ?? []).map(text => `_${text}_`).join(', '),
        code(id)
      ])
    ),
    '## For buttons and other extensions\n',
    'These take arguments, or belong to one place: run them with `app.commands.execute(id, args)`.\n',
    table(
      ['Id', 'What it does'],
      programs.map(({ id, doc }) => [code(id), doc.replaceAll('|', '\\|')])
    )
  ].join('\n');
}

/**
 * @returns {ICommand[]} every member of `CommandIDs`, with its words
 */
function declaredCommands() {
  const members = sourcesIn('src/tokens')
    .flatMap(file => [...nodesOf(file)])
    .filter(ts.isVariableDeclaration)
    .filter(node => node.name.getText() === 'CommandIDs')
    .flatMap(node => [...nodesOf(node)])
    .filter(ts.isPropertyAssignment);
  const added = addedCommands();
  return members.map(member => {
    const key = member.name.getText();
    const options = added.get(key);
    if (!options || !ts.isStringLiteral(member.initializer)) {
      throw new Failure(
        `The command CommandIDs.${key} is declared, and no addCommand adds it: add it, or take it out of CommandIDs.`
      );
    }
    return {
      key,
      id: member.initializer.text,
      doc: docOf(member),
      label: words(options, 'label'),
      caption: words(options, 'caption')
    };
  });
}

/**
 * @returns {Map<string, ts.ObjectLiteralExpression>} what `addCommand` is
 *   given, by the key in `CommandIDs`
 */
function addedCommands() {
  const added = /** @type {Map<string, ts.ObjectLiteralExpression>} */ (
    new Map()
  );
  for (const file of sourcesIn('src')) {
    for (const node of nodesOf(file)) {
      if (
        !ts.isCallExpression(node) ||
        !/\baddCommand$/.test(node.expression.getText())
      ) {
        continue;
      }
      const id = node.arguments.at(0);
      const options = node.arguments.at(1);
      const key = /^CommandIDs\.(\w+)$/.exec(id?.getText() ?? '')?.[1];
      if (
        key !== undefined &&
        options &&
        ts.isObjectLiteralExpression(options)
      ) {
        added.set(key, options);
      }
    }
  }
  return added;
}

/**
 * @param {ts.ObjectLiteralExpression} options
 * @param {string} name
 * @returns {string | undefined} the first text of a property
 */
function words(options, name) {
  const property = options.properties.find(
    member => member.name?.getText() === name
  );
  const text = property && [...nodesOf(property)].find(ts.isStringLiteral);
  return text?.text;
}

/**
 * @returns {Map<string, string[]>} shortcuts, by the command's id
 */
function shortcuts() {
  const keys = /** @type {Map<string, string[]>} */ (new Map());
  for (const { schema } of settingSchemas()) {
    const declared =
      /** @type {{ command: string, keys: string[] }[] | undefined} */ (
        schema['jupyter.lab.shortcuts']
      );
    for (const { command, keys: pressed } of declared ?? []) {
      keys.set(command, [...(keys.get(command) ?? []), pressed.join(' ')]);
    }
  }
  return keys;
}

/**
 * @returns {Set<string>} commands that a menu or a toolbar names
 */
function menuCommands() {
  const text = JSON.stringify(settingSchemas());
  return new Set(
    Array.from(text.matchAll(/"command":"([\w:-]+)"/g), ([, id = '']) => id)
  );
}

/**
 * @returns {Set<string>} keys in `CommandIDs` of the commands that are added to
 *   the palette
 */
function paletteCommands() {
  const keys = sourcesIn('src/plugins').flatMap(file => {
    const nodes = [...nodesOf(file)];
    return nodes
      .filter(ts.isCallExpression)
      .filter(({ expression }) =>
        /^palette\??\.addItem$/.test(expression.getText())
      )
      .flatMap(call => keysIn(call).concat(keysIn(listOf(call, nodes))));
  });
  return new Set(keys);
}

/**
 * @param {ts.Node} call - one that is repeated for the members of a list
 * @param {readonly ts.Node[]} nodes - of its file
 * @returns {ts.Node | undefined} that list
 */
function listOf(call, nodes) {
  const loop = ts.findAncestor(
    call,
    node =>
      ts.isForOfStatement(node) ||
      (ts.isCallExpression(node) &&
        node.expression.getText().endsWith('.forEach'))
  );
  if (!loop || ts.isForOfStatement(loop)) {
    return loop?.expression;
  }
  const name = /** @type {ts.CallExpression} */ (loop).expression
    .getText()
    .replace(/\.forEach$/, '');
  return nodes
    .filter(ts.isVariableDeclaration)
    .find(declaration => declaration.name.getText() === name)?.initializer;
}

/**
 * @param {ts.Node | undefined} node
 * @returns {string[]} keys in `CommandIDs` that it names
 */
function keysIn(node) {
  const text = node?.getText() ?? '';
  return Array.from(text.matchAll(/CommandIDs\.(\w+)/g), ([, key = '']) => key);
}
