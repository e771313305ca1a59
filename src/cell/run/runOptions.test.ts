import { beforeEach, describe, expect, it, vi } from 'vitest';

import { AREA, endTasks, FakeRun, KNOWN_ID, step } from '../testing/fakeRun';

const UNKNOWN_ID = '1b8f5c4e-1d2a-4e3f-9a6b-7c8d9e0f1a2b';

describe('CellRun with options', () => {
  let fake: FakeRun;

  beforeEach(() => {
    fake = new FakeRun();
    return () => fake.notebook.dispose();
  });

  it('tries what failed again, as often as --retries says', async () => {
    const tasks = [0, 1].map(index => ({
      index,
      function: '0',
      payload: 'p',
      label: `area(${index})`,
      line: 3
    }));
    fake.first = step({ tasks });
    fake.settled = endTasks({ failures: 2 });
    const cell = fake.run('%%compute --retries 2\narea(1)');
    await expect(cell.run(() => undefined)).resolves.toBe(true);
    expect(
      fake.submits.map(({ calls }) => calls.map(({ index }) => index))
    ).toEqual([
      [0, 1],
      [0, 1]
    ]);
    expect(cell.batch?.tasks.map(({ attempts }) => attempts)).toEqual([2, 2]);
    expect(fake.resume.mock.calls[0][0]).toMatchObject([
      { ok: true },
      { ok: true }
    ]);
  });

  it('gives the kernel the failure that the last attempt left', async () => {
    fake.settled = endTasks({ failures: 9 });
    await fake.start('%%compute --retries 2\narea(1)');
    expect(fake.submits).toHaveLength(3);
    expect(fake.resume.mock.calls[0][0]).toMatchObject([
      { index: 0, ok: false }
    ]);
  });

  it('takes the defaults of %compute_config', async () => {
    fake.defaults = '--quiet --args 3';
    await fake.start('%%compute\narea(1)');
    expect(fake.requested?.options).toMatchObject({ quiet: true, args: '3' });
  });

  it('shows no card with --quiet, unless a task fails', async () => {
    fake.first = step({ warnings: ['a note'] });
    await fake.start('%%compute --quiet\narea(1)');
    expect(fake.outputs).toEqual(['printed\n']);
    fake.notebook.cells.get(0).sharedModel.setSource('x');
    fake.settled = endTasks({ failures: 1 });
    await fake.start('%%compute --quiet\narea(1)');
    await vi.waitUntil(() => fake.outputs.includes('failed'));
  });

  it('registers as told and runs with what it is told', async () => {
    fake.first = step({
      config: { nodes: 2 },
      resources: { num_ranks: 4 },
      functions: [{ ...AREA, serialized: '01\nabc' }]
    });
    await fake.start(
      `%%compute --public --group ${KNOWN_ID} --description D --container ${UNKNOWN_ID} --result-serializer json\narea(1)`
    );
    expect(fake.submits[0]).toMatchObject({
      settings: {
        userEndpointConfig: { nodes: 2 },
        resourceSpecification: { num_ranks: 4 },
        resultSerializers: ['globus_compute_sdk.serialize.JSONData']
      },
      calls: [
        {
          function: {
            serializedCode: '6\n01\nabc',
            registration: {
              public: true,
              group: KNOWN_ID,
              description: 'D',
              containerUuid: UNKNOWN_ID
            }
          }
        }
      ]
    });
  });

  it('only registers with --register-only', async () => {
    fake.first = step({ form: 'register', state: 'finished', tasks: [] });
    await fake.start(
      '%%compute --register-only --public\ndef area(r): 0\narea(1)'
    );
    expect(fake.requested?.options.registerOnly).toBe(true);
    expect(fake.service.registered).toMatchObject([
      { name: 'area', registration: { public: true } }
    ]);
    expect(fake.outputs).toEqual(['area is registered: function f1']);
    expect(fake.added).toMatchObject([{ id: 'f1', name: 'area' }]);
    expect(fake.submits).toEqual([]);
  });

  it('refuses a function that the service does not have', async () => {
    fake.first = new Error('the kernel must not be asked');
    await fake.start(`%%compute -f area=${UNKNOWN_ID}\narea(1)`);
    expect(fake.outputs[0]).toMatch(/--function area=1b8f.*no function with/);
  });

  it('calls a function that is registered elsewhere', async () => {
    fake.first = step({ functions: [{ ...AREA, id: KNOWN_ID }] });
    await fake.start(`%%compute -f area=${KNOWN_ID}\narea(1)`);
    expect(fake.requested?.options.functions).toEqual([['area', KNOWN_ID]]);
    expect(fake.submits[0].calls[0].function.id).toBe(KNOWN_ID);
  });

  it('refuses a function that the endpoint does not allow', async () => {
    fake.service.allowed = [KNOWN_ID];
    await expect(fake.start()).resolves.toBe(false);
    expect(fake.submits).toEqual([]);
    expect(fake.discard).toHaveBeenCalledOnce();
    expect(fake.outputs[0]).toMatch(
      new RegExp(`area is not one of them.*--function NAME=UUID .${KNOWN_ID}`)
    );
    fake.first = step({ functions: [{ ...AREA, id: KNOWN_ID }] });
    await expect(fake.start()).resolves.toBe(true);
  });

  it('refuses arguments that are too large, before anything is sent', async () => {
    fake.first = step({
      tasks: [
        {
          index: 0,
          function: '0',
          payload: 'p'.repeat(11 * 1024 * 1024),
          label: 'area(b"…")',
          line: 3
        }
      ]
    });
    await expect(fake.start()).resolves.toBe(false);
    expect(fake.submits).toEqual([]);
    expect(fake.outputs[0]).toMatch(/area\(b"…"\) are 11.0 MiB.*takes 10 MiB/);
  });

  it('says that the endpoint is offline, and sends', async () => {
    fake.service.status = 'offline';
    await expect(fake.start()).resolves.toBe(true);
    expect(fake.submits).toHaveLength(1);
    expect(fake.outputs).toContain(
      'Note: "This computer" is offline. The tasks wait until it is back.\n'
    );
  });

  it('shows what --dry-run is for, and sends nothing', async () => {
    fake.service.allowed = [];
    fake.first = step({
      state: 'finished',
      report: 'def area(): ...',
      warnings: ['a note']
    });
    await expect(fake.start('%%compute -n\narea(1)')).resolves.toBe(true);
    expect(fake.requested?.options.dryRun).toBe(true);
    expect(fake.submits).toEqual([]);
    const [text] = fake.outputs;
    expect(text).toMatch(/^Nothing was sent/);
    expect(text).toMatch(/This computer \(ep\)/);
    expect(text).toMatch(/this kernel Python 3\.11\.7/);
    expect(text).toMatch(/runs these functions only: none/);
    expect(text).toMatch(/Refused +"This computer" runs only functions/);
    expect(text).toMatch(/Note +a note/);
    expect(text).toMatch(/def area\(\): \.\.\.\n$/);
  });

  it('asks no service with --local', async () => {
    fake.first = step({ state: 'finished', tasks: [], functions: [] });
    await expect(
      fake.start('%%compute --local -e nowhere\narea(1)')
    ).resolves.toBe(true);
    expect(fake.requested?.options.local).toBe(true);
    expect(fake.outputs).toEqual([]);
  });
});
