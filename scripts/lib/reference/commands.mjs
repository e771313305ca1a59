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
  const listed = menuCommands();
  const people = commands.filter(({ id }) => listed.has(id));
  const programs = commands.filter(({ id }) => !listed.has(id));
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
