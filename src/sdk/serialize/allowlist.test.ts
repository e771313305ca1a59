// @vitest-environment node
import { describe, expect, it } from 'vitest';

import { DeserializationError } from '../errors.js';
import { AllowlistWildcard } from './allowlist.js';
import { FunctionSource } from './functionsource.js';
import { type ISerializerOptions, ComputeSerializer } from './serializer.js';
import { selectStrategy, STRATEGIES, StrategyError } from './strategies.js';

const CODE = 'st\nf:def f(): pass';
const JSON_DATA = '11\n[1]';
const PICKLE = '00\ngARLAi4=\n';

const allowing = (...names: string[]) =>
  new ComputeSerializer({ allowedDeserializers: names });

describe('an allowlist', () => {
  it('is everything when it is empty', () => {
    expect(allowing().deserialize(PICKLE)).toBe(2);
  });

  it('lets through what it names, by id, class or path', () => {
    for (const name of [
      '11',
      'JSONData',
      'globus_compute_sdk.serialize.JSONData',
      'globus_compute_sdk.serialize.concretes.JSONData'
    ]) {
      const serializer = allowing(name, 'PureSourceTextInspect');
      expect(serializer.deserialize(JSON_DATA)).toEqual([1]);
      expect(serializer.deserialize(CODE)).toBeInstanceOf(FunctionSource);
      expect(() => serializer.deserialize(PICKLE)).toThrow(
        /DillDataBase64 is disabled.*JSONData, PureSourceTextInspect/
      );
    }
  });

  it('knows wildcards for each kind', () => {
    const serializer = allowing(AllowlistWildcard.CODE, '11');
    expect(serializer.deserialize(CODE)).toBeInstanceOf(FunctionSource);
    expect(() => serializer.deserialize(PICKLE)).toThrow(DeserializationError);
    const { CODE: code, DATA: data } = AllowlistWildcard;
    expect(allowing(code, data).deserialize(PICKLE)).toBe(2);
    // What only very old clients wrote is in no wildcard.
    expect(() => allowing(code, data).deserialize('02\ngARLAi4=\n')).toThrow(
      /PickleCode is disabled/
    );
  });

  it.each([
    [['11'], /at least one/],
    [['st'], /at least one/],
    [[AllowlistWildcard.DATA], /at least one/],
    [[AllowlistWildcard.DATA, '11', 'st'], /cannot hold both/],
    [['PickleCode', '11'], /not a known/],
    [['os.system', '11'], /not a known/]
  ])('refuses %j', (names, message) => {
    expect(() => allowing(...names)).toThrow(StrategyError);
    expect(() => allowing(...names)).toThrow(message);
  });
});

describe('strategies', () => {
  it('are all of the Python SDK', () => {
    expect(STRATEGIES.map(({ id }) => id).sort()).toEqual(
      '00 01 02 03 04 10 11 12 13 sd st'.split(' ')
    );
    expect(selectStrategy('st').className).toBe('PureSourceTextInspect');
  });

  it.each([
    [{ codeStrategy: '11' }, /JSONData is a strategy for data/],
    [{ dataStrategy: 'st' }, /PureSourceTextInspect is a strategy for code/],
    [{ dataStrategy: 'x' }, /not a known/]
  ])('of the wrong kind are refused: %j', (options, message) => {
    expect(
      () => new ComputeSerializer(options as unknown as ISerializerOptions)
    ).toThrow(message);
  });
});
