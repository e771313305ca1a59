import type { ReactElement } from 'react';
import { act } from 'react';
import { describe, expect, it, vi } from 'vitest';

import { englishBundle } from '../../model/format';
import type { IEndpointInfo } from '../../tokens';

import { click, mount } from '../../testing/mount';
import { button, type } from '../testing/queries';
import { CLOUD_SERVICE, LOCAL_SERVICE } from '../testing/services';
import type { IEndpointListProps } from './endpointList';
import { EndpointList } from './endpointList';

const ID = '4b116d3c-1703-4f8f-9f6f-39921e5864df';

const CLUSTER: IEndpointInfo = {
  id: ID,
  name: 'cluster',
  registeredName: 'cluster',
  service: 'cloud',
  status: 'online',
  workers: 128,
  pythonVersion: '3.12.1',
  endpointVersion: '4.5.0',
  description: 'For everybody.',
  userConfigSchema: { type: 'object' }
};

function refuse(): never {
  throw new Error('Unexpected call.');
}

function list(props: Partial<IEndpointListProps> = {}): ReactElement {
  return (
    <EndpointList
      endpoints={[CLUSTER]}
      hidden={[]}
      unseen={[]}
      onSignIn={refuse}
      showsHidden={false}
      services={[LOCAL_SERVICE, CLOUD_SERVICE]}
      expanded={new Set([ID])}
      defaultId={undefined}
      hasNotebook={true}
      problem={null}
      isRefreshing={false}
      trans={englishBundle()}
      onRefresh={refuse}
      onToggle={refuse}
      onDefault={refuse}
      onHide={refuse}
      onShowHidden={refuse}
      onRemove={refuse}
      onAdd={refuse}
      onConfigure={refuse}
      onCopy={refuse}
      {...props}
    />
  );
}

describe('an endpoint', () => {
  it('says how it is and what it runs', () => {
    const { node } = mount(list());
    expect(node.textContent).toContain(
      'cluster128 workersonline · Python 3.12.1'
    );
    expect(node.textContent).toContain('Endpoint version4.5.0');
    expect(node.textContent).toContain('For everybody.');
    expect(button(node, /cluster/).getAttribute('aria-expanded')).toBe('true');
  });

  it('can be configured, hidden and copied', () => {
    const onConfigure = vi.fn();
    const onHide = vi.fn();
    const onCopy = vi.fn();
    const { node } = mount(list({ onConfigure, onHide, onCopy }));
    click(button(node, /Configure/));
    click(button(node, /^Hide/));
    click(button(node, /Copy id/));
    expect(onConfigure).toHaveBeenCalledExactlyOnceWith(CLUSTER);
    expect(onHide).toHaveBeenCalledExactlyOnceWith(ID, true);
    expect(onCopy).toHaveBeenCalledExactlyOnceWith(ID);
  });

  it('is the default of the notebook, or no longer', () => {
    const onDefault = vi.fn();
    const { node, redraw } = mount(list({ onDefault }));
    click(button(node, /Default for this notebook/));
    redraw(list({ onDefault, defaultId: ID }));
    click(button(node, /Use the usual default/));
    expect(onDefault.mock.calls).toEqual([[ID], [null]]);
    redraw(list({ hasNotebook: false }));
    expect(() => button(node, /Default for this/)).toThrow('No button');
  });

  it('that was added is removed, not hidden', () => {
    const onRemove = vi.fn();
    const { node } = mount(
      list({ endpoints: [{ ...CLUSTER, isAdded: true }], onRemove })
    );
    click(button(node, /Remove/));
    expect(onRemove).toHaveBeenCalledExactlyOnceWith(ID);
    expect(() => button(node, /^Hide/)).toThrow('No button');
  });

  it('that is hidden is listed when asked for', () => {
    const onShowHidden = vi.fn();
    const onHide = vi.fn();
    const props = { endpoints: [], hidden: [CLUSTER], onShowHidden, onHide };
    const { node, redraw } = mount(list(props));
    expect(node.textContent).not.toContain('cluster');
    click(button(node, /Show hidden ones \(1\)/));
    redraw(list({ ...props, showsHidden: true }));
    click(button(node, /Show again/));
    expect(onShowHidden).toHaveBeenCalledExactlyOnceWith(true);
    expect(onHide).toHaveBeenCalledExactlyOnceWith(ID, false);
  });
});

describe('adding an endpoint', () => {
  async function add(
    id: string,
    onAdd: IEndpointListProps['onAdd']
  ): Promise<HTMLElement> {
    const { node } = mount(list({ onAdd }));
    click(button(node, /Add an endpoint/));
    type(node.querySelector('input')!, id);
    await act(async () => {
      node.querySelector('form')!.requestSubmit();
    });
    return node;
  }

  it('asks the service for it', async () => {
    const onAdd = vi.fn(() => Promise.resolve());
    const node = await add(` ${ID.toUpperCase()} `, onAdd);
    expect(onAdd).toHaveBeenCalledExactlyOnceWith(ID, 'local');
    expect(node.querySelector('form')).toBeNull();
  });

  it('says what an id looks like', async () => {
    const node = await add('my-cluster', refuse);
    expect(node.querySelector('[role="alert"]')?.textContent).toContain(
      'An endpoint id looks like'
    );
  });

  it('says why the service has none', async () => {
    const node = await add(ID, () => Promise.reject(new Error('No endpoint.')));
    expect(node.querySelector('[role="alert"]')?.textContent).toBe(
      'No endpoint.'
    );
    expect(node.querySelector('form')).not.toBeNull();
  });
});
