import type { IPrepareRequest } from '../kernel/bridge';
import type { IMagic } from './magic';

/** What the kernel has to know of a magic line. */
export function bridgeOptions(magic: IMagic): IPrepareRequest['options'] {
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
