// @vitest-environment node
import { describe, expect, it } from 'vitest';

import type { IEndpointInfo } from '../../tokens';
import { filterEndpoints } from './endpointFilter';

const ENDPOINTS = ['This computer', 'lab cluster', 'cluster two'].map(
  (name, at): IEndpointInfo => ({
    id: `${at}af0c2de-0000-4000-8000-000000000000`,
    name,
    registeredName: `registered-${at}`,
    service: 'local',
    status: 'online'
  })
);

describe('filterEndpoints', () => {
  it.each([
    ['', ['This computer', 'lab cluster', 'cluster two']],
    ['CLUSTER', ['cluster two', 'lab cluster']],
    ['clu lab', ['lab cluster']],
    ['registered-0', ['This computer']],
    ['2af0', ['cluster two']],
    ['none such', []]
  ])('%j', (search, names) => {
    expect(filterEndpoints(ENDPOINTS, search).map(({ name }) => name)).toEqual(
      names
    );
  });
});
