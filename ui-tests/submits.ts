import type { Page } from '@playwright/test';

/** Counts the submits that leave a page. */
export class Submits {
  constructor(page: Page) {
    page.on('request', request => {
      if (request.method() === 'POST' && request.url().endsWith('/submit')) {
        this._count += 1;
      }
    });
  }

  get count(): number {
    return this._count;
  }

  private _count = 0;
}
