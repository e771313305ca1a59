/** Name of the package in the kernel. */
const MODULE = '_globus_compute_bridge';

/** Python that gives the package, where it is there. */
export const DOOR = `__import__('sys').modules['${MODULE}']`;

/** What is said when the bridge has gone since it was last there. */
export const RESTARTED = 'The kernel was restarted. Run the cell again.';

/** Whether an error, as it is thrown or shown, is that the bridge is missing. */
export function isMissing(error: unknown): boolean {
  const { ename, evalue } = error as { ename?: unknown; evalue?: unknown };
  return ename === 'KeyError' && String(evalue).includes(MODULE);
}
