import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../../model/format';
import type { IFollowRequest, IServiceInfo } from '../../tokens';

import { click, mount } from '../../testing/mount';
import { button, field, type } from '../testing/queries';
import { EXAMPLE_ID, readUuids } from '../uuids';
import { FollowTasks } from './followTasks';

const OTHER_ID = 'AB116D3C-1703-4f8f-9f6f-39921e5864df';

const SERVICES: readonly IServiceInfo[] = ['local', 'cloud'].map(name => ({
  name,
  label: name,
  kind: 'other',
  needsAccount: false,
  features: { cancel: false, events: false }
}));

function form(onFollow: (request: IFollowRequest) => Promise<void>) {
  const onClose = vi.fn();
  const { node } = mount(
    <FollowTasks
      services={SERVICES}
      trans={englishBundle()}
      onFollow={onFollow}
      onClose={onClose}
    />
  );
  return { node, onClose };
}

async function press(node: HTMLElement, name: RegExp): Promise<void> {
  await act(async () => {
    click(button(node, name));
    await Promise.resolve();
  });
}

describe('readUuids', () => {
  it('takes ids as they are copied from a terminal', () => {
    expect(
      readUuids(`["${EXAMPLE_ID}",\n '${OTHER_ID}' ${EXAMPLE_ID}]`)
    ).toEqual([EXAMPLE_ID, OTHER_ID.toLowerCase()]);
    expect(readUuids(' ')).toEqual([]);
    expect(readUuids(`${EXAMPLE_ID} and more`)).toBeNull();
  });
});

describe('FollowTasks', () => {
  it('follows tasks by their ids', async () => {
    const onFollow = vi.fn(() => Promise.resolve());
    const { node, onClose } = form(onFollow);
    type(field(node, 'Task ids'), `${EXAMPLE_ID}, ${OTHER_ID}`);
    type(field(node, 'Name in the list'), ' night run ');
    await press(node, /^Follow$/);
    expect(onFollow.mock.calls).toEqual([
      [
        {
          service: 'local',
          takeOver: false,
          taskIds: [EXAMPLE_ID, OTHER_ID.toLowerCase()],
          title: 'night run'
        }
      ]
    ]);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('says what an id looks like, and asks for nothing', async () => {
    const onFollow = vi.fn(() => Promise.resolve());
    const { node, onClose } = form(onFollow);
    type(field(node, 'Task ids'), 'my task');
    await press(node, /^Follow$/);
    expect(node.querySelector('[role="alert"]')?.textContent).toContain(
      EXAMPLE_ID
    );
    expect(onFollow).not.toHaveBeenCalled();
    expect(onClose).not.toHaveBeenCalled();
  });

  it('takes tasks over only when it was said to', async () => {
    const refusal = Object.assign(new Error('Given only once.'), {
      code: 'TAKE_OVER_NEEDED'
    });
    const onFollow = vi.fn(({ takeOver }: IFollowRequest) =>
      takeOver ? Promise.resolve() : Promise.reject(refusal)
    );
    const { node, onClose } = form(onFollow);
    type(field(node, 'Task ids'), EXAMPLE_ID);
    await press(node, /^Follow$/);
    expect(node.querySelector('[role="alert"]')?.textContent).toBe(
      'Given only once.'
    );
    expect(onClose).not.toHaveBeenCalled();
    await press(node, /^Take over these tasks$/);
    expect(onFollow.mock.calls.map(([{ takeOver }]) => takeOver)).toEqual([
      false,
      true
    ]);
    expect(onClose).toHaveBeenCalledOnce();
  });

  it('asks for leave again once the ids are others', async () => {
    const refusal = Object.assign(new Error('Given only once.'), {
      code: 'TAKE_OVER_NEEDED'
    });
    const { node } = form(() => Promise.reject(refusal));
    type(field(node, 'Task ids'), EXAMPLE_ID);
    await press(node, /^Follow$/);
    type(field(node, 'Task ids'), OTHER_ID);
    expect(() => button(node, /^Take over/)).toThrow();
    expect(button(node, /^Follow$/)).toBeDefined();
  });
});
