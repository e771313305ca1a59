import type { IBridgeStep } from '../../kernel/step';
import type { IAllowedFunctions } from '../../sdk';
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
  const workers =
    endpoint.workers === undefined ? '' : `, ${endpoint.workers} workers`;
  const versions = [
    ['Python', endpoint.pythonVersion],
    ['globus-compute-endpoint', endpoint.endpointVersion]
  ].flatMap(([name, version]) => (version ? [`${name} ${version}`] : []));
  const lines = [
    'Nothing was sent. This would be:',
    '',
    `Endpoint    ${endpoint.name} (${endpoint.id})`,
    `            ${status}${workers}; ${versions.join(', ') || 'versions not told'}; this kernel Python ${kernelVersion}`,
    `            ${describeAllowed(allowed)}`
  ];
  if (problem !== null) {
    lines.push(`Refused     ${problem}`);
  }
  lines.push(...remarks.map(remark => `Note        ${remark}`));
  return [...lines, '', step.report ?? ''].join('\n').trimEnd();
}

function describeAllowed(allowed: IAllowedFunctions | null): string {
  if (allowed === null) {
    return 'does not tell which functions it runs';
  }
  return allowed.restricted
    ? `runs these functions only: ${allowed.functions.join(', ') || 'none'}`
    : 'runs any function';
}
