import { Signal } from '@lumino/signaling';

import type {
  IClassContent,
  IClassFile,
  IClassFiles,
  IClassRules
} from '../../tokens';

/** What a class file says. */
export function classContent(
  changes: Partial<IClassContent> = {}
): IClassContent {
  return {
    version: 1,
    id: '7d3c3b52-7c1a-4f4b-9a55-5f0d8f6f2f10',
    title: 'Astronomy 101',
    service: 'cloud',
    endpoint: {
      id: '11111111-1111-4111-8111-111111111111',
      name: 'Midway',
      owner: 'The university'
    },
    ...changes
  };
}

/** A class file as the gateway tells of it. */
export function classFile(changes: Partial<IClassFile> = {}): IClassFile {
  return {
    path: 'class/class.compute.json',
    hash: 'a'.repeat(64),
    state: 'new',
    problems: [],
    content: classContent(),
    tasks: 0,
    ...changes
  };
}

/** One class file for all notebooks. Refuses what the test did not expect. */
export class FakeClassFiles implements IClassFiles {
  constructor(public file: IClassFile | null = null) {}

  readonly changed = new Signal<this, string>(this);
  inForce: IClassRules | null = null;
  readonly postponed: string[] = [];

  get(): IClassFile | null {
    return this.file;
  }

  rules(): IClassRules | null {
    return this.inForce;
  }

  refresh(): Promise<IClassFile | null> {
    return Promise.resolve(this.file);
  }

  refreshRules(): Promise<IClassRules | null> {
    return Promise.resolve(this.inForce);
  }

  accept(): Promise<void> {
    return refuse('accept');
  }

  withdraw(): Promise<void> {
    return refuse('withdraw');
  }

  isPostponed({ hash }: IClassFile): boolean {
    return this.postponed.includes(hash);
  }

  postpone(_: string, { hash }: IClassFile): void {
    this.postponed.push(hash);
    this.changed.emit('');
  }

  check(): Promise<readonly string[]> {
    return refuse('check');
  }

  /** Be another file and say so. */
  become(file: IClassFile | null): void {
    this.file = file;
    this.changed.emit('');
  }
}

function refuse(name: string): never {
  throw new Error(`Unexpected call of ${name}().`);
}
