import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A gate that a task waits at until the test opens it. */
export class Gate {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'gate-'));
  readonly file = path.join(this.folder, 'open');

  /** Python that waits for the gate, at most a minute. */
  get wait(): string {
    return [
      '    import os, time',
      '    end = time.time() + 60',
      // A gate that is gone holds nobody: a task must not outlive its test.
      `    while os.path.isdir(${JSON.stringify(this.folder)}) and not os.path.exists(${JSON.stringify(this.file)}):`,
      '        assert time.time() < end, "the gate stays shut"',
      '        time.sleep(0.02)'
    ].join('\n');
  }

  open(): void {
    writeFileSync(this.file, '');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
