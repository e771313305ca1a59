import type { IPrepareRequest } from '../../kernel/bridge';
import type { IMagic } from './magic';

/**
 * What the kernel has to know of a magic line.
 *
 * @param offered - Functions that the cell can call unless the notebook has
 * others of these names.
 */
export function bridgeOptions(
  magic: IMagic,
  offered: IPrepareRequest['options']['offered'] = []
): IPrepareRequest['options'] {
  return {
    inputs: magic.inputs,
    outputs: magic.outputs,
    body: magic.body,
    capture: magic.capture,
    name: magic.name,
    args: magic.args,
    kwargs: magic.kwargs,
    over: magic.over,
    functions: magic.functions,
    offered,
    registerOnly: magic.registerOnly,
    dryRun: magic.dryRun,
    local: magic.local,
    config: magic.config,
    resources: magic.resources,
    serializer: magic.serializer,
    resultSerializer: magic.resultSerializer,
    quiet: magic.quiet
  };
}
