import type { DocumentRegistry } from '@jupyterlab/docregistry';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';

import { DocumentSaver } from './documentSaver';
import { nextSave } from './nextSave';

type IContext = ConstructorParameters<typeof DocumentSaver>[0] &
  Parameters<typeof nextSave>[0];

/** A document whose saves end when a test says so. */
class SlowDocument {
  constructor({ writable = true } = {}) {
    this.context = {
      contentsModel: { writable },
      model: this.model,
      saveState: this.saveState,
      disposed: this.disposed,
      save: () => this.save()
    } as unknown as IContext;
  }

  /** As JupyterLab's context does: what changes meanwhile is not in it. */
  save(): Promise<void> {
    const { text } = this.model;
    this.begun += 1;
    this.saveState.emit('started');
    return new Promise((resolve, reject) => {
      this.end = outcome => {
        if (outcome === 'cancelled') {
          reject(new Error('ModalCancelError'));
          return;
        }
        if (outcome === 'completed') {
          this.file = text;
          this.model.dirty = false;
          resolve();
        } else {
          reject(new Error('The disk is full.'));
        }
        this.saveState.emit(outcome);
      };
    });
  }

  write(text: string): void {
    this.model.text = text;
    this.model.dirty = true;
  }

  readonly model = { text: '', dirty: false };
  readonly saveState = new Signal<object, DocumentRegistry.SaveState>({});
  readonly disposed = new Signal<object, void>({});
  readonly context: IContext;
  file = '';
  begun = 0;
  end: (outcome: 'completed' | 'failed' | 'cancelled') => void = () => {
    throw new Error('Nothing is being saved.');
  };
}

describe('DocumentSaver', () => {
  it('saves what came during its save, after it', async () => {
    const document = new SlowDocument();
    const saver = new DocumentSaver(document.context);
    document.write('one');
    saver.save();
    document.write('two');
    expect(saver.isClean).toBe(true);
    saver.save();
    expect(document.begun).toBe(1);
    document.end('completed');
    await expect.poll(() => document.begun).toBe(2);
    document.end('completed');
    expect(document.file).toBe('two');
    await expect.poll(() => saver.isClean).toBe(true);
    expect(document.begun).toBe(2);
  });

  it.each(['completed', 'failed'] as const)(
    'waits for the save of a person, which %s',
    async outcome => {
      const document = new SlowDocument();
      const saver = new DocumentSaver(document.context);
      const saved = document.save().catch(() => undefined);
      document.write('late');
      saver.save();
      expect(document.begun).toBe(1);
      document.end(outcome);
      await saved;
      expect(document.begun).toBe(2);
      document.end('completed');
      expect(document.file).toBe('late');
    }
  );

  it('does not repeat a save that failed or was called off', async () => {
    const document = new SlowDocument();
    const saver = new DocumentSaver(document.context);
    for (const [index, outcome] of (
      ['failed', 'cancelled'] as const
    ).entries()) {
      document.write('late');
      saver.save();
      expect(document.begun).toBe(index + 1);
      document.end(outcome);
      await expect.poll(() => saver.isClean).toBe(false);
    }
    saver.save();
    expect(document.begun).toBe(3);
  });

  it('does not try to save what may only be read', () => {
    const document = new SlowDocument({ writable: false });
    new DocumentSaver(document.context).save();
    expect(document.begun).toBe(0);
  });

  it('leaves the changes of a person unsaved, and ends with its page', () => {
    const document = new SlowDocument();
    const saver = new DocumentSaver(document.context);
    document.write('a person types');
    expect(saver.isClean).toBe(false);
    saver.dispose();
    saver.save();
    expect(document.begun).toBe(0);
  });
});

describe('nextSave', () => {
  it('does not count a save that had begun before', async () => {
    const document = new SlowDocument();
    const first = document.save();
    document.write('late');
    let isSaved = false;
    const saved = nextSave(document.context).then(value => {
      isSaved = value;
    });
    document.end('completed');
    await first;
    expect([isSaved, document.file]).toEqual([false, '']);
    const second = document.save();
    document.end('completed');
    await Promise.all([second, saved]);
    expect([isSaved, document.file]).toEqual([true, 'late']);
  });

  it('gives up with the document', async () => {
    const document = new SlowDocument();
    const saved = nextSave(document.context);
    document.disposed.emit();
    expect(await saved).toBe(false);
  });
});
