import { UUID } from '@lumino/coreutils';

import type {
  IClassContent,
  IClassFunction,
  IEndpointInfo,
  IFunctionInfo
} from '../../tokens';

/** As many functions as a class file can hold. */
const MAX_FUNCTIONS = 100;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * A class file to begin with: what is used now.
 *
 * @param known - The class file that is there already; its id and what only a
 * person can know are kept.
 * @param functions - Functions that the notebook used, the last one first.
 */
export function draftClass(
  known: IClassContent | null,
  endpoint: IEndpointInfo | null,
  functions: readonly IFunctionInfo[]
): IClassContent {
  const service = endpoint?.service ?? known?.service ?? 'local';
  const isLocal = service === 'local';
  const listed = listFunctions(
    functions.filter(info => info.service === service)
  );
  return {
    ...known,
    version: 1,
    id: known?.id ?? UUID.uuid4(),
    title: known?.title ?? '',
    service,
    // This computer's endpoint means nothing on another one.
    endpoint:
      endpoint && !isLocal
        ? { ...known?.endpoint, id: endpoint.id, name: endpoint.name }
        : undefined,
    functions: listed.length > 0 ? listed : known?.functions
  };
}

/** The class file as it is saved: without what nobody filled in. */
export function classText(content: IClassContent): string {
  return `${JSON.stringify(withoutEmpty(content), null, 2)}\n`;
}

/** A value without empty texts, lists and objects. */
export function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    return (value as unknown[]).map(withoutEmpty);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const kept = Object.entries(value)
    .map(([name, inner]) => [name, withoutEmpty(inner)] as const)
    .filter(([, inner]) => !isEmpty(inner));
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

function listFunctions(functions: readonly IFunctionInfo[]): IClassFunction[] {
  const named = new Map<string, IClassFunction>();
  for (const { id, name, description, source } of functions) {
    if (
      IDENTIFIER.test(name) &&
      !named.has(name) &&
      named.size < MAX_FUNCTIONS
    ) {
      const isPlain =
        source !== null &&
        new RegExp(`^(?:async\\s+)?def\\s+${name}\\b`, 'm').test(source) &&
        !source.includes('_gc_entry');
      named.set(name, {
        name,
        id,
        ...(description !== undefined && { description }),
        ...(isPlain && { source })
      });
    }
  }
  return [...named.values()];
}
