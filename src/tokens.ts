/**
 * What this extension's rooms, and other extensions, may ask of each other.
 */

export * from './tokens/accounts';
export * from './tokens/batch';
export * from './tokens/batches';
export * from './tokens/classes';
export * from './tokens/commands';
export * from './tokens/endpoints';
export * from './tokens/functions';
export * from './tokens/loginmanagers';
export * from './tokens/readiness';
export * from './tokens/services';
export * from './tokens/task';
