import type { IBridgeStep } from '../kernel/bridge';
import type { IEndpointFacts } from './endpointFacts';

/**
 * What `--dry-run` shows: where the cell would run, and what the kernel says
 * would be sent.
 *
 * @param kernelVersion - Python version of the kernel.
 * @param problem - Why it would be refused; `null` if it would be sent.
 * @param remarks - What a person should know though it would be sent.
 */
export function dryRunReport(
  step: IBridgeStep,
  { endpoint, status, allowed }: IEndpointFacts,
  kernelVersion: string,
  problem: string | null,
  remarks: readonly string[]
): string {
  const bytes = step.tasks.reduce((sum, task) => sum + task.payload.length, 0);
  const workers =
    endpoint.workers === undefined ? '' : `, ${endpoint.workers} workers`;
  const python =
    endpoint.pythonVersion === undefined
      ? 'not told'
      : `Python ${endpoint.pythonVersion}`;
  const lines = [
    'Nothing was sent. This would be:',
    '',
    `Endpoint    ${endpoint.name} (${endpoint.id})`,
    `            ${status}${workers}; ${python}, this kernel Python ${kernelVersion}`,
    `            ${allowed?.restricted ? `allows ${allowed.functions.length} functions` : 'allows any function'}`,
    `Tasks       ${step.tasks.length}, ${sizeOf(bytes)} of arguments`
  ];
  if (problem !== null) {
    lines.push(`Refused     ${problem}`);
  }
  lines.push(...remarks.map(remark => `Note        ${remark}`));
  return [...lines, '', step.report ?? ''].join('\n').trimEnd();
}

function sizeOf(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`;
}
