/**
 * How a batch reads where no script runs: nbviewer, GitHub, nbconvert, a
 * terminal. English, because it is kept in the file.
 */

import type { IMimeBundle } from '@jupyterlab/nbformat';
import type { PartialJSONObject } from '@lumino/coreutils';

import {
  describeState,
  englishBundle,
  formatCount,
  formatCounts,
  formatDuration,
  formatFailure,
  formatTitle
} from '../model/format';
import type { BatchState, IBatchSnapshot } from '../tokens';
import { BATCH_MIME_TYPE } from '../tokens';

import { adviseOn } from './advice';
import type { IFailureGroup } from './failures';
import { countUnexplained, groupFailures } from './failures';
import { plainText } from './plainText';

/** More kinds of failure than this are counted, not told. */
const MAX_GROUPS = 10;

/** Longest traceback kept in a static form, in characters. */
const MAX_TRACEBACK_LENGTH = 10_000;

/** A batch card as the data of a notebook output: a MIME bundle. */
export interface IBatchMimeBundle extends IMimeBundle {
  [BATCH_MIME_TYPE]: PartialJSONObject;
  'text/html': string;
  'text/plain': string;
}

/**
 * The data of the notebook output that shows a batch: the snapshot for this
 * extension's card, and the same told in HTML and in plain text for every
 * other reader.
 *
 * @param snapshot - The batch as plain JSON data.
 */
export function toMimeBundle(snapshot: IBatchSnapshot): IBatchMimeBundle {
  return {
    [BATCH_MIME_TYPE]: asJson(snapshot),
    'text/html': toHtml(snapshot),
    'text/plain': toText(snapshot)
  };
}

/**
 * A copy by way of JSON: what a live batch does later must not reach the saved
 * output, and fields that are undefined are not JSON.
 */
function asJson(snapshot: IBatchSnapshot): PartialJSONObject {
  return JSON.parse(JSON.stringify(snapshot)) as PartialJSONObject;
}

function toText(snapshot: IBatchSnapshot): string {
  const lines = [`${headline(snapshot)} on ${place(snapshot)}`];
  lines.push(summary(snapshot));
  if (snapshot.note) {
    lines.push(snapshot.note);
  }
  for (const group of listedGroups(snapshot)) {
    const advice = adviceText(group, snapshot);
    lines.push('', groupTitle(group), frameLine(group), advice);
    lines.push(traceback(group));
  }
  lines.push('', remainder(snapshot), ...facts(snapshot).map(asTextFact));
  return plainText(collapseBlankLines(lines));
}

function toHtml(snapshot: IBatchSnapshot): string {
  const title = escapeHtml(headline(snapshot));
  const endpoint = escapeHtml(place(snapshot));
  const parts = [
    `<p><strong>${title}</strong> on ${endpoint}<br>${whenHtml(snapshot)}</p>`
  ];
  if (snapshot.note) {
    parts.push(`<p>${escapeHtml(snapshot.note)}</p>`);
  }
  parts.push(
    ...listedGroups(snapshot).map(group => groupHtml(group, snapshot))
  );
  if (remainder(snapshot)) {
    parts.push(`<p>${remainder(snapshot)}</p>`);
  }
  const ids = facts(snapshot).map(
    fact => `${fact.name} <code>${escapeHtml(fact.value)}</code>`
  );
  if (ids.length > 0) {
    parts.push(`<p><small>${ids.join('<br>')}</small></p>`);
  }
  // Text and ground are inherited, so that it reads on light and dark pages.
  return `<div style="border-left: 3px solid currentcolor; padding-left: 10px">${parts.join('')}</div>`;
}

/** Where it ran, and as whom if that is told. */
function place({ endpoint, identity }: IBatchSnapshot): string {
  return identity ? `${endpoint.name} as ${identity}` : endpoint.name;
}

function headline(snapshot: IBatchSnapshot): string {
  const title = formatTitle(snapshot.title, snapshot.counts.total);
  return `${stateSign(snapshot.state)} ${title}`;
}

function stateSign(state: BatchState): string {
  switch (state) {
    case 'done':
      return '✓';
    case 'failed':
    case 'problem':
      return '✗';
    default:
      return '…';
  }
}

/** State, counts, duration and start: `Done · 5 done · 0.8 s · 2026-…Z`. */
function summary(snapshot: IBatchSnapshot): string {
  return [...outcome(snapshot), isoDate(snapshot.created)].join(' · ');
}

function whenHtml(snapshot: IBatchSnapshot): string {
  const iso = isoDate(snapshot.created);
  const time = `<time datetime="${iso}">${iso}</time>`;
  return [...outcome(snapshot).map(escapeHtml), time].join(' · ');
}

function outcome(snapshot: IBatchSnapshot): string[] {
  const { created, ended } = snapshot;
  return [
    describeState(snapshot.state),
    formatCounts(snapshot.counts),
    ended === undefined ? '' : formatDuration(ended - created)
  ].filter(Boolean);
}

function listedGroups(snapshot: IBatchSnapshot): IFailureGroup[] {
  return groupFailures(snapshot.tasks).slice(0, MAX_GROUPS);
}

/** How many failures are not told; empty if all are. */
function remainder(snapshot: IBatchSnapshot): string {
  const unlisted = groupFailures(snapshot.tasks)
    .slice(MAX_GROUPS)
    .reduce((sum, group) => sum + group.count, countUnexplained(snapshot));
  return unlisted > 0 ? `${formatCount(unlisted)} more failed.` : '';
}

function groupTitle(group: IFailureGroup): string {
  const what = formatFailure(group.failure);
  return group.count > 1
    ? `${formatCount(group.count)} tasks failed alike: ${what}`
    : `${group.first.label}: ${what}`;
}

function frameLine({ failure: { frame } }: IFailureGroup): string {
  return frame ? `line ${frame.line}, in ${frame.name}: ${frame.source}` : '';
}

/** What one can do about the failure; empty if it speaks for itself. */
function adviceText(
  { failure }: IFailureGroup,
  { endpoint, pythonVersion }: IBatchSnapshot
): string {
  const trans = englishBundle();
  const context = { endpoint: endpoint.name, pythonVersion, trans };
  return adviseOn(failure, context) ?? '';
}

function groupHtml(group: IFailureGroup, snapshot: IBatchSnapshot): string {
  const frame = frameLine(group);
  const advice = adviceText(group, snapshot);
  const text = traceback(group);
  return [
    `<p><strong>${escapeHtml(groupTitle(group))}</strong>`,
    frame ? `<br><code>${escapeHtml(frame)}</code>` : '',
    advice ? `<br>${escapeHtml(advice)}` : '',
    '</p>',
    text
      ? `<details><summary>Traceback</summary><pre>${escapeHtml(text)}</pre></details>`
      : ''
  ].join('');
}

/** The traceback; of a very long one the end, where the error stands. */
function traceback({ failure }: IFailureGroup): string {
  const text = failure.traceback.trimEnd();
  return text.length > MAX_TRACEBACK_LENGTH
    ? `(beginning left out)\n${text.slice(-MAX_TRACEBACK_LENGTH)}`
    : text;
}

interface IFact {
  readonly name: string;
  readonly value: string;
}

/**
 * Where it ran and from what, to be looked up or compared by whoever reads:
 * ids, versions and hashes, and no names of people.
 */
function facts(snapshot: IBatchSnapshot): IFact[] {
  const { functionIds, tasks, service, endpoint } = snapshot;
  const { taskGroupId, pythonVersion, sdkVersion, sourceHash } = snapshot;
  const found: [name: string, value: string | undefined][] = [
    ['Service', service],
    ['Endpoint', endpoint.id],
    ...functionIds.map(id => ['Function', id] as [string, string]),
    ['Task', tasks.length === 1 ? tasks[0].id : undefined],
    ['Task group', taskGroupId],
    ['Python', pythonVersion],
    ['Compute SDK', sdkVersion],
    ['SHA-256 of the cell', sourceHash]
  ];
  return found.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

function asTextFact({ name, value }: IFact): string {
  return `${name} ${value}`;
}

/** ISO 8601 in UTC, to the second. */
function isoDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime())
    ? 'unknown time'
    : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

function collapseBlankLines(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function escapeHtml(text: string): string {
  return plainText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}
