import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { expect, it, vi } from 'vitest';

import {
  classContent,
  classFile,
  FakeClassFiles
} from '../model/testing/fakeClassFiles';
import { CommandIDs } from '../tokens';
import { ClassNotice } from './classNotice';

function notice(classFiles: FakeClassFiles) {
  const commands = new CommandRegistry();
  const show = vi.fn();
  commands.addCommand(CommandIDs.showClassFile, {
    describedBy: {},
    execute: show
  });
  const trans = nullTranslator.load('');
  const made = new ClassNotice(
    { classFiles, commands, trans },
    () => 'class/a.ipynb'
  );
  const [look, later] = made.node.querySelectorAll('button');
  return { made, show, look, later };
}

it('tells of a class file until the person decides', () => {
  const files = new FakeClassFiles();
  const { made, show, look, later } = notice(files);
  expect(made.isHidden).toBe(true);
  files.become(classFile());
  expect(made.isHidden).toBe(false);
  expect(made.node.textContent).toContain('“Astronomy 101”');
  look.click();
  expect(show.mock.calls[0][0]).toEqual({ path: 'class/a.ipynb' });
  later.click();
  expect(made.isHidden).toBe(true);
  files.become(classFile({ hash: 'b'.repeat(64), state: 'changed' }));
  expect(made.node.textContent).toContain('has changed since you accepted it');
  files.become(classFile({ hash: 'b'.repeat(64), state: 'accepted' }));
  expect(made.isHidden).toBe(true);
  made.dispose();
  files.become(classFile());
});

it('shows text from the file as text, and says why one cannot be read', () => {
  const files = new FakeClassFiles(
    classFile({ content: classContent({ title: '<img src=x>' }) })
  );
  const { made, look } = notice(files);
  expect(made.node.querySelector('img')).toBeNull();
  files.become(
    classFile({ state: 'invalid', content: null, problems: ['id: is missing'] })
  );
  expect(made.node.textContent).toContain('id: is missing');
  expect(look.hidden).toBe(true);
  made.dispose();
});
