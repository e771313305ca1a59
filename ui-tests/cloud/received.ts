import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import type { BrowserContext, Page } from '@playwright/test';

/** A text, and where it is from. */
interface IPiece {
  readonly from: string;
  readonly bytes: Buffer;
}

/** Everything that pages of the tests have received, kept or printed. */
export class Received {
  /** Answers that the browser would not give out. */
  readonly unreadable: string[] = [];

  /**
   * @param origin - Of which address everything is taken down: what a provider
   * sends to its own page is none of it.
   */
  constructor(private readonly _origin: string) {}

  /** How many pieces there are. */
  get size(): number {
    return this._pieces.length;
  }

  /** Take down what the pages of a context receive from now on. */
  watch(context: BrowserContext): void {
    context.on('page', page => {
      this._watchPage(page);
    });
    context.pages().forEach(page => {
      this._watchPage(page);
    });
    context.on('requestfinished', request => {
      if (request.url().startsWith(this._origin)) {
        this._pending.push(
          (async () => {
            const response = await request.response();
            const headers = JSON.stringify(await response?.allHeaders());
            this._add(`headers of ${request.url()}`, headers);
            if (response !== null && hasBody(response.status())) {
              this._add(request.url(), await response.body());
            }
          })().catch(() => {
            this.unreadable.push(request.url());
          })
        );
      }
    });
    context.on('console', message => {
      this._add('console', message.text());
    });
    context.on('weberror', error => {
      this._add('error', String(error.error().stack));
    });
  }

  /** Take down what a page shows and keeps now. */
  async keepPage(page: Page): Promise<void> {
    const kept = await page.evaluate(readStorage);
    this._add('page', await page.content());
    this._add(`kept by ${page.url()}`, kept);
    this._add('address', page.url());
  }

  /**
   * Take down what the pages of a context keep, and what is under way. No
   * answer comes afterwards: from a page that closes it could not be read.
   */
  async finish(context: BrowserContext): Promise<void> {
    for (const page of context.pages()) {
      await this.keepPage(page);
    }
    await context.setOffline(true);
    await Promise.all(this._pending);
  }

  /** Take down all files below a folder, databases and logs among them. */
  keepFiles(folder: string, isWanted: (file: string) => boolean): string[] {
    const files = readdirSync(folder, {
      recursive: true,
      withFileTypes: true
    })
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name))
      .filter(isWanted);
    files.forEach(file => {
      this._add(file, readFileSync(file));
    });
    return files;
  }

  /** Where any of the secrets is, as it is or in base64. */
  async find(secrets: readonly string[]): Promise<string[]> {
    await Promise.all(this._pending);
    const forms = secrets.flatMap(formsOf);
    return this._pieces
      .filter(({ bytes }) => forms.some(form => bytes.includes(form)))
      .map(({ from }) => from);
  }

  private _watchPage(page: Page): void {
    page.on('websocket', socket => {
      socket.on('framereceived', ({ payload }) => {
        this._add(`frame of ${socket.url()}`, payload);
      });
    });
  }

  private _add(from: string, text: string | Buffer): void {
    this._pieces.push({ from, bytes: Buffer.from(text) });
  }

  private readonly _pieces: IPiece[] = [];
  private readonly _pending: Promise<void>[] = [];
}

/** Everything that a page keeps in its browser; runs there. */
async function readStorage(): Promise<string> {
  const settled = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(new Error(request.error?.message));
      };
    });
  const kept: unknown[] = [
    Object.entries(localStorage),
    Object.entries(sessionStorage),
    document.cookie,
    // Also the addresses of what was loaded, and of this page.
    performance.getEntries().map(entry => entry.name)
  ];
  for (const { name } of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name ?? ''));
    for (const store of database.objectStoreNames) {
      const objects = database.transaction(store).objectStore(store);
      kept.push([name, store, await settled(objects.getAll())]);
    }
    database.close();
  }
  return JSON.stringify(kept);
}

/** Whether answers of a status have a body that a browser gives out. */
function hasBody(status: number): boolean {
  return status >= 200 && status !== 204 && (status < 300 || status >= 400);
}

/** A secret as it is, and as it is in base64 wherever it begins there. */
function formsOf(secret: string): string[] {
  const inBase64 = [0, 1, 2].map(offset => {
    const text = Buffer.from('x'.repeat(offset) + secret).toString('base64');
    // Without the ends, which depend on what stands beside it.
    return text.slice(4, -4);
  });
  return [secret, ...inBase64];
}
