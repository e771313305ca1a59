import { describe, expect, it, vi } from 'vitest';

import { ClassOverviews } from './classOverviews';

const QUERY = { folder: 'a b/c&d', release: 'r?.ipynb', assignment: '' };

describe('ClassOverviews', () => {
  it('asks the gateway for a folder, encoded', async () => {
    const request = vi.fn().mockResolvedValue('the table');
    const url = (path: string): string => `/base/globus-compute/${path}`;
    const overviews = new ClassOverviews({ request, url });
    await expect(overviews.read(QUERY)).resolves.toBe('the table');
    const search = 'folder=a+b%2Fc%26d&release=r%3F.ipynb&assignment=';
    expect(request.mock.calls).toEqual([
      ['GET', `overview?${search}&format=json`]
    ]);
    expect(overviews.csvUrl(QUERY)).toBe(
      `/base/globus-compute/overview?${search}&format=csv`
    );
  });
});
