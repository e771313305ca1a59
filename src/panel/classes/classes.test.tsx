import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { afterEach, describe, expect, it, vi } from 'vitest';

import {
  classContent,
  classFile,
  FakeClassFiles
} from '../../model/testing/fakeClassFiles';
import type { IEndpointInfo, IFunctionInfo } from '../../tokens';
import { CommandIDs } from '../../tokens';
import { mount } from '../../testing/mount';
import { CLOUD_SERVICE } from '../testing/services';

import { classText, draftClass, withoutEmpty } from './classDraft';
import { ClassModel, ClassRow } from './classRow';
import { ClassView } from './classView';
import { ReadinessList } from './readinessDialog';

const trans = nullTranslator.load('');

describe('what a person reads of a class file', () => {
  it('is everything that it says, as text', () => {
    const evil = '<img src=x onerror=alert(1)>';
    const file = classFile({
      content: classContent({
        title: evil,
        contact: evil,
        endpoint: { id: 'e', name: evil, owner: evil },
        functions: [{ name: 'f', id: 'i', description: evil, source: evil }],
        config: { a: evil },
        group: { id: 'g', name: evil },
        python: '3.10',
        limits: { tasks: 1200, payloadBytes: 2048, walltimeSeconds: 90 }
      })
    });
    const { node } = mount(
      <ClassView file={file} service={CLOUD_SERVICE} trans={trans} />
    );
    expect(node.querySelector('img')).toBeNull();
    for (const text of [
      'Globus Compute',
      'Owner',
      '1,200 tasks',
      '2,048 bytes',
      '3.10 or newer',
      'nothing of it was looked up or sent'
    ]) {
      expect(node.textContent).toContain(text);
    }
  });

  it('says that a service is missing, or why it cannot be read', () => {
    const missing = mount(
      <ClassView file={classFile()} service={undefined} trans={trans} />
    );
    expect(missing.node.textContent).toContain('It cannot be accepted here');
    const invalid = classFile({ content: null, problems: ['id: no'] });
    const unread = mount(
      <ClassView file={invalid} service={undefined} trans={trans} />
    );
    expect(unread.node.querySelector('[role=alert]')?.textContent).toContain(
      'id: no'
    );
  });
});

it('tells readiness in words, not by signs alone', () => {
  const { node } = mount(
    <ReadinessList
      findings={[
        { about: 'class', state: 'ok', text: 'fine', advice: '' },
        { about: 'endpoint', state: 'problem', text: 'bad', advice: 'do it' }
      ]}
      trans={trans}
    />
  );
  expect(node.textContent).toContain('One thing is to be put right');
  expect(node.textContent).toContain('To be put right:baddo it');
});

describe('the line in the panel', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  it('follows the notebook and its class file', async () => {
    vi.stubGlobal('requestIdleCallback', (callback: () => void) =>
      setTimeout(callback)
    );
    const files = new FakeClassFiles();
    const model = new ClassModel(files);
    const commands = new CommandRegistry();
    const run = vi.fn();
    commands.addCommand(CommandIDs.makeClassFile, {
      describedBy: {},
      execute: run
    });
    const row = new ClassRow(model, commands, trans);
    Widget.attach(row, document.body);
    const shows = (text: string): Promise<void> =>
      vi.waitFor(() => {
        expect(row.node.textContent).toContain(text);
      });
    model.notebookPath = 'class/a.ipynb';
    await shows('Make class file…');
    row.node.querySelector('button')?.click();
    expect(run.mock.calls[0][0]).toEqual({ path: 'class/a.ipynb' });
    files.become(classFile());
    await shows('Astronomy 101 (not accepted)');
    files.become(classFile({ state: 'accepted' }));
    await shows('Class: Astronomy 101');
    files.become(classFile({ state: 'invalid', content: null }));
    await shows('cannot be read');
    row.dispose();
    model.dispose();
  });
});

describe('a draft', () => {
  const endpoint: IEndpointInfo = {
    id: 'e1',
    name: 'Midway',
    registeredName: 'midway',
    service: 'cloud',
    status: 'online'
  };
  const info = (changes: Partial<IFunctionInfo>): IFunctionInfo => ({
    id: 'f1',
    service: 'cloud',
    name: 'square',
    source: null,
    used: 1,
    batches: [],
    ...changes
  });

  it('is what is used now', () => {
    const source = 'def square(x):\n    return x * x\n';
    const draft = draftClass(null, endpoint, [
      info({ source }),
      info({ id: 'older' }),
      info({ name: 'a name', id: 'f2' }),
      info({ name: 'here', service: 'local' }),
      info({ name: 'wrapped', source: 'def wrapped(): ...\n_gc_entry' })
    ]);
    expect(draft).toMatchObject({
      service: 'cloud',
      endpoint: { id: 'e1', name: 'Midway' },
      functions: [
        { name: 'square', id: 'f1', source },
        { name: 'wrapped', id: 'f1' }
      ]
    });
    expect(draft.functions?.[1]).not.toHaveProperty('source');
  });

  it('keeps the id of the class that is there, and names no local endpoint', () => {
    const known = classContent({ limits: { tasks: 5 } });
    const draft = draftClass(known, { ...endpoint, service: 'local' }, []);
    expect(draft).toMatchObject({
      id: known.id,
      title: known.title,
      limits: { tasks: 5 },
      service: 'local'
    });
    expect(draft.endpoint).toBeUndefined();
  });

  it('is saved without what nobody filled in', () => {
    expect(
      withoutEmpty({ a: '', b: [], c: { d: undefined }, e: [{ f: '' }], g: 0 })
    ).toEqual({ e: [{}], g: 0 });
    expect(classText(classContent({ contact: '' }))).not.toContain('contact');
  });
});
