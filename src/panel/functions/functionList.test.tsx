import type { ReactElement } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../../model/format';
import { FakeAccounts } from '../../model/testing/fakeAccounts';
import type { IFunctionInfo, IGroup } from '../../tokens';

import { click, mount } from '../../testing/mount';
import { button } from '../testing/queries';
import { FakeFunctions } from '../testing/services';
import type { IFunctionListProps } from './functionList';
import { FunctionList } from './functionList';
import { FunctionsModel } from './functionsModel';

const AREA: IFunctionInfo = {
  id: '10c9678c-7c33-4b1e-8f38-1f0f1c2d3e4f',
  service: 'local',
  name: 'area',
  source: 'def area(r):\n    return "<img src=x>"',
  group: 'a-group',
  used: 1000,
  batches: ['b1']
};

function refuse(): never {
  throw new Error('Unexpected call.');
}

function list(props: Partial<IFunctionListProps> = {}): ReactElement {
  return (
    <FunctionList
      functions={[AREA]}
      expanded={new Set([AREA.id])}
      problem={null}
      groupOf={({ group }) => group}
      now={1000 + 7200}
      trans={englishBundle()}
      onToggle={refuse}
      onInsert={refuse}
      onDelete={refuse}
      onCopy={refuse}
      onHighlight={() => undefined}
      {...props}
    />
  );
}

describe('a function', () => {
  it('says whose it is and shows its source as text', () => {
    const onHighlight = vi.fn();
    const { node } = mount(list({ onHighlight }));
    expect(node.textContent).toContain('area2 h10c9678c · shared with a group');
    expect(node.textContent).toContain('Shared with the group a-group');
    const source = node.querySelector('pre')!;
    expect(source.textContent).toBe(AREA.source);
    expect(source.querySelector('img')).toBeNull();
    expect(onHighlight).toHaveBeenCalledExactlyOnceWith(AREA.source, source);
  });

  it('says so where its source is not known', () => {
    const { node } = mount(list({ functions: [{ ...AREA, source: null }] }));
    expect(node.textContent).toContain('Its source is not known as text.');
  });

  it('is inserted, copied and deleted', () => {
    const onInsert = vi.fn();
    const onCopy = vi.fn();
    const onDelete = vi.fn();
    const { node } = mount(list({ onInsert, onCopy, onDelete }));
    click(button(node, /Insert cell/));
    click(button(node, /Copy id/));
    click(button(node, /Delete/));
    expect(onInsert).toHaveBeenCalledExactlyOnceWith(AREA);
    expect(onCopy).toHaveBeenCalledExactlyOnceWith(AREA.id);
    expect(onDelete).toHaveBeenCalledExactlyOnceWith(AREA);
  });
});

describe('FunctionsModel', () => {
  it('reads a function when it is opened', async () => {
    const load = vi.fn(() => Promise.resolve(AREA));
    const model = new FunctionsModel(
      new FakeFunctions([AREA], { load }),
      new FakeAccounts()
    );
    model.toggle(AREA.id);
    model.toggle(AREA.id);
    expect(load).toHaveBeenCalledExactlyOnceWith(AREA.id);
    await vi.waitFor(() => {
      expect(model.problem).toBeNull();
    });
  });

  it('says why a function could not be deleted', async () => {
    const model = new FunctionsModel(
      new FakeFunctions([AREA], {
        delete: () => Promise.reject(new Error('Not yours.'))
      }),
      new FakeAccounts()
    );
    await model.delete(AREA.id);
    expect(model.problem).toBe('Not yours.');
  });

  it('knows what groups are called, anew after a sign-in', async () => {
    const groups = vi
      .fn<() => Promise<readonly IGroup[]>>()
      .mockRejectedValueOnce(new Error('Nobody is signed in.'))
      .mockResolvedValueOnce([{ id: 'a-group', name: 'Lab', role: 'member' }]);
    const accounts = new FakeAccounts([], { groups });
    const model = new FunctionsModel(new FakeFunctions([AREA]), accounts);
    expect(model.groupOf({ ...AREA, group: undefined })).toBeUndefined();
    expect(model.groupOf(AREA)).toBe('a-group');
    expect(model.groupOf(AREA)).toBe('a-group');
    expect(groups).toHaveBeenCalledOnce();
    accounts.renewed.emit('local');
    expect(model.groupOf(AREA)).toBe('a-group');
    await vi.waitFor(() => {
      expect(model.groupOf(AREA)).toBe('Lab');
    });
  });
});
