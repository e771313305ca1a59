import { describe, expect, it } from 'vitest';

import { classContent, classFile } from '../../model/testing/fakeClassFiles';
import type { IClassRules } from '../../tokens';
import { END, FakeRun, KNOWN_ID, step } from '../testing/fakeRun';

const HERE = {
  id: 'ep',
  name: 'This computer',
  registeredName: 'this-computer',
  service: 'local',
  status: 'online' as const
};

function rules(
  content: Parameters<typeof classContent>[0],
  changes: Partial<IClassRules> = {}
): IClassRules {
  return {
    file: classFile({ state: 'accepted', tasks: 9 }),
    content: classContent({ service: 'local', ...content }),
    endpoint: HERE,
    detour: null,
    ...changes
  };
}

describe('a cell of a class', () => {
  it('is offered the functions that it mentions', async () => {
    const run = new FakeRun();
    run.classRules = rules({
      functions: [
        { name: 'square', id: KNOWN_ID },
        { name: 'cube', id: KNOWN_ID }
      ]
    });
    expect(await run.start('%%compute\nsquare(3)')).toBe(true);
    expect(run.requested?.options.offered).toEqual([['square', KNOWN_ID]]);
    expect(run.requested?.options.functions).toEqual([]);
  });

  it('is told of a function that its service does not know', async () => {
    const run = new FakeRun();
    const id = '99999999-1d2a-4e3f-9a6b-7c8d9e0f1a2b';
    run.classRules = rules({ functions: [{ name: 'square', id }] });
    await run.start('%%compute\nsquare(3)');
    expect(run.requested?.options.offered).toEqual([]);
    expect(run.outputs.join('')).toMatch(/a function square whose id/);
  });

  it('has functions with a source registered where the class is not', async () => {
    const run = new FakeRun();
    run.classRules = rules(
      {
        service: 'cloud',
        functions: [
          {
            name: 'square',
            id: KNOWN_ID,
            source: 'def square(x):\n    return x * x\n'
          }
        ]
      },
      { detour: 'Runs on this computer: you are not signed in.' }
    );
    await run.start('%%compute\nsquare(3)');
    expect(run.service.registered[0]).toMatchObject({
      name: 'square',
      entry: 'square',
      source: 'def square(x):\n    return x * x\n'
    });
    expect(run.requested?.options.offered).toEqual([['square', 'f1']]);
  });

  it('is refused beyond the limits before anything is registered or sent', async () => {
    const run = new FakeRun();
    run.classRules = rules({ limits: { tasks: 9 } });
    expect(await run.start()).toBe(false);
    expect(run.outputs.join('')).toContain('Nothing was sent.');
    expect(run.submits).toEqual([]);
    expect(run.service.registered).toEqual([]);
  });

  it('counts what it sent in an earlier step', async () => {
    const run = new FakeRun();
    run.classRules = rules({ limits: { tasks: 10 } });
    run.resume
      .mockResolvedValueOnce(
        step({ tasks: [{ ...step().tasks[0], index: 1 }] })
      )
      .mockResolvedValueOnce(END);
    expect(await run.start()).toBe(false);
    expect(run.submits).toHaveLength(1);
    expect(run.outputs.join('')).toContain('10 were submitted before');
  });
});
