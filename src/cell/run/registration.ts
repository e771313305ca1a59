import type { IBridgeStep, IPreparedFunction } from '../../kernel/step';
import type { ISubmitSettings } from '../../model/batches/submission';
import type { IFunctionSource, IRegistration } from '../../model/functions';
import { packBuffers } from '../../sdk';
import type { IMagic } from '../magic/magic';

/** What the worker writes results with, by the value of --result-serializer. */
const RESULT_SERIALIZERS: Readonly<Record<string, readonly string[]>> = {
  json: ['globus_compute_sdk.serialize.JSONData']
};

/** A function of the kernel as it is registered with these options. */
export function toFunctionSource(
  { id, serialized, ...prepared }: IPreparedFunction,
  magic: IMagic
): IFunctionSource {
  return {
    ...prepared,
    id,
    serializedCode: serialized ? packBuffers([serialized]) : null,
    registration: registrationOf(magic)
  };
}

/** How the tasks of a step are run with these options. */
export function submitSettings(
  { config, resources }: IBridgeStep,
  { resultSerializer }: IMagic
): ISubmitSettings {
  return {
    userEndpointConfig: config ?? undefined,
    resourceSpecification: resources ?? undefined,
    resultSerializers: RESULT_SERIALIZERS[resultSerializer ?? '']
  };
}

function registrationOf(magic: IMagic): IRegistration {
  const { public: isPublic, group, description, container } = magic;
  return {
    ...(isPublic && { public: true }),
    ...(group !== null && { group }),
    ...(description !== null && { description }),
    ...(container !== null && { containerUuid: container })
  };
}
