import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import ts from 'typescript';

import { inRoot } from '../paths.mjs';

/**
 * @param {string} folder - below the root
 * @returns {ts.SourceFile[]} its TypeScript, tests left out
 */
export function sourcesIn(folder) {
  return readdirSync(inRoot(folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name) && !/\.test\.|testing/.test(name))
    .sort()
    .map(name => {
      const file = path.join(folder, name);
      const text = readFileSync(inRoot(file), 'utf8');
      return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    });
}

/**
 * @param {ts.Node} node
 * @returns {Generator<ts.Node>} the node and all below it, in their order
 */
export function* nodesOf(node) {
  yield node;
  const children = /** @type {ts.Node[]} */ ([]);
  ts.forEachChild(node, child => {
    children.push(child);
  });
  for (const child of children) {
    yield* nodesOf(child);
  }
}

/**
 * @param {ts.Node} node
 * @returns {string} the text of its doc comment, without tags
 */
export function docOf(node) {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(doc => ts.getTextOfJSDocComment(doc.comment) ?? '')
    .join(' ')
    .replace(/\s+/g, ' ')
    .replace(/\{@link (\w+)\}/g, '$1')
    .trim();
}

/**
 * @param {ts.Expression} node
 * @returns {string} what a text says: what is filled in stands in braces
 */
export function wordsOf(node) {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map(
      span => `${filledIn(span.expression)}${span.literal.text}`
    );
    return `${node.head.text}${spans.join('')}`;
  }
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind === ts.SyntaxKind.PlusToken
  ) {
    return `${wordsOf(node.left)}${wordsOf(node.right)}`;
  }
  return filledIn(node);
}

/**
 * @param {ts.Expression} node
 * @returns {string} a word for a value, in braces
 */
function filledIn(node) {
  if (ts.isCallExpression(node)) {
    return filledIn(node.arguments.at(0) ?? node.expression);
  }
  const name = ts.isPropertyAccessExpression(node)
    ? node.name.text
    : ts.isIdentifier(node)
      ? node.text
      : '…';
  return `{${name}}`;
}
