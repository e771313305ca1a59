import type { IMimeBundle } from '@jupyterlab/nbformat';

/** What the capture runtime brings back besides a value. */
export interface IEnvelope {
  readonly stdout: string;
  readonly stderr: string;
  /** What was displayed and drawn, in order. */
  readonly displays: readonly IMimeBundle[];
  /** How the value looks; empty for `None`. */
  readonly mime: IMimeBundle;
}

/**
 * Read the envelope of a result.
 *
 * The value was decoded from a pickle without executing it, so dictionaries
 * are maps. Returns `null` for a result that is no envelope: the function was
 * sent bare, or registered elsewhere.
 */
export function readEnvelope(result: unknown): IEnvelope | null {
  if (!(result instanceof Map) || result.get('gc') !== 1) {
    return null;
  }
  const displays: unknown = result.get('display');
  return {
    stdout: asText(result.get('out')),
    stderr: asText(result.get('err')),
    displays: Array.isArray(displays) ? displays.map(toBundle) : [],
    mime: toBundle(result.get('mime'))
  };
}

function toBundle(value: unknown): IMimeBundle {
  const bundle: IMimeBundle = {};
  if (value instanceof Map) {
    for (const [type, data] of value as Map<unknown, unknown>) {
      if (typeof type === 'string') {
        bundle[type] = toJSON(data) as IMimeBundle[string];
      }
    }
  }
  return bundle;
}

/* Depth a MIME bundle's JSON may have; deeper data is no picture of a value. */
const MAX_DEPTH = 64;

function toJSON(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) {
    return null;
  }
  if (value instanceof Map) {
    return Object.fromEntries(
      [...(value as Map<unknown, unknown>)].map(([key, item]) => [
        String(key),
        toJSON(item, depth + 1)
      ])
    );
  }
  if (Array.isArray(value)) {
    return value.map(item => toJSON(item, depth + 1));
  }
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    default:
      return null;
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
