import type { Kernel } from '@jupyterlab/services';

import type { IBridgeStep } from '../../kernel/step';
import type { IAllowedFunctions } from '../../sdk';
import { messageOf } from '../explain';
import type { IMagic } from '../magic/magic';
import type { IAim } from './aim';
import { pythonVersion } from './kernelLife';
import { checkStep, remarksOn } from './preflight';

/**
 * What `--dry-run` shows: where the cell would run, what the kernel says would
 * be sent, and why that would be refused.
 */
export async function dryRun(
  step: IBridgeStep,
  magic: IMagic,
  { service, facts }: IAim,
  kernel: Kernel.IKernelConnection
): Promise<string> {
  await facts.complete;
  const refusal = checkStep(step, magic, facts, service.functions).then(
    () => null,
    messageOf
  );
  const kernelVersion = await pythonVersion(kernel);
  const problem = await refusal;
  const remarks = [...remarksOn(magic, facts, kernelVersion), ...step.warnings];
  const { endpoint, status, allowed } = facts;
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
  return `${[...lines, '', step.report ?? ''].join('\n').trimEnd()}\n`;
}

function describeAllowed(allowed: IAllowedFunctions | null): string {
  if (allowed === null) {
    return 'does not tell which functions it runs';
  }
  return allowed.restricted
    ? `runs these functions only: ${allowed.functions.join(', ') || 'none'}`
    : 'runs any function';
}
