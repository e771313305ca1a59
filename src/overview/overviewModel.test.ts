import { PromiseDelegate } from '@lumino/coreutils';
import { describe, expect, it } from 'vitest';

import type { IClassOverview } from '../model/classes/classOverviews';

import { OverviewModel } from './overviewModel';
import {
  FakeOverviews,
  makeEntry,
  makeOverview,
  makeStudent,
  QUERY
} from './testing/overviews';

const FAILED = makeEntry({ state: 'failed' });
const EDITED = makeEntry({ edited: true });
const OVERVIEW = makeOverview([
  makeStudent('ann', [makeEntry(), EDITED]),
  makeStudent('ben', [FAILED, makeEntry()]),
  makeStudent('cem', [], { problem: 'It is not a notebook.' }),
  makeStudent('dia', [makeEntry(), FAILED])
]);

function namesIn(model: OverviewModel): string {
  return model.students.map(({ student }) => student).join(' ');
}

describe('OverviewModel', () => {
  it('shows what was read', async () => {
    const overviews = new FakeOverviews(OVERVIEW);
    const model = new OverviewModel(overviews, QUERY);
    expect([model.students, model.csvUrl]).toEqual([[], null]);
    const reading = model.show();
    expect(model.isReading).toBe(true);
    await reading;
    expect(overviews.queries).toEqual([QUERY]);
    expect([model.isReading, model.problem]).toEqual([false, null]);
    expect(namesIn(model)).toBe('ann ben cem dia');
    expect([model.doneOf(0), model.doneOf(1)]).toEqual([2, 2]);
    expect(model.csvUrl).toBe('/csv?folder=sheet/submitted');
  });

  it('sorts a column by what needs a look, and turns it round', async () => {
    const model = new OverviewModel(new FakeOverviews(OVERVIEW), QUERY);
    await model.show();
    model.sortBy(0);
    expect(namesIn(model)).toBe('cem ben ann dia');
    model.sortBy(1);
    expect(namesIn(model)).toBe('cem dia ann ben');
    model.sortBy(1);
    expect(namesIn(model)).toBe('ben ann dia cem');
    model.sortBy(-1);
    expect(namesIn(model)).toBe('ann ben cem dia');
  });

  it('says why there is nothing to show, and reads again', async () => {
    const refused = Promise.reject(new Error('There is no such folder.'));
    const overviews = new FakeOverviews(refused, OVERVIEW);
    const model = new OverviewModel(overviews, QUERY);
    await model.show();
    expect(model.problem).toBe('There is no such folder.');
    expect([model.overview, model.csvUrl]).toEqual([null, null]);
    await model.show();
    expect([model.problem, model.overview]).toEqual([null, OVERVIEW]);
  });

  it('forgets the order of a column that is gone', async () => {
    const one = makeOverview([], { exercises: ['1. area'] });
    const model = new OverviewModel(new FakeOverviews(OVERVIEW, one), QUERY);
    await model.show();
    model.sortBy(1);
    await model.show();
    expect(model.order).toEqual({ column: -1, isDescending: false });
  });

  it('shows what was asked for last, whatever is answered last', async () => {
    const slow = new PromiseDelegate<IClassOverview>();
    const overviews = new FakeOverviews(slow.promise, OVERVIEW);
    const model = new OverviewModel(overviews, QUERY);
    const first = model.show();
    await model.show({ ...QUERY, folder: 'other' });
    slow.resolve(makeOverview([]));
    await first;
    expect(model.overview).toBe(OVERVIEW);
    expect(model.query.folder).toBe('other');
  });
});
