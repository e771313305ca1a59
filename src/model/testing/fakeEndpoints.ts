import { Signal } from '@lumino/signaling';

import type { IEndpointInfo, IEndpoints, IUnseenService } from '../../tokens';

/** The endpoints a test puts there. Refuses what the test did not expect. */
export class FakeEndpoints implements IEndpoints {
  constructor(public items: readonly IEndpointInfo[] = []) {}

  unseen: readonly IUnseenService[] = [];
  hidden: readonly IEndpointInfo[] = [];
  problem: string | null = null;
  readonly changed = new Signal<this, void>(this);

  get default(): IEndpointInfo | null {
    return this.items.at(0) ?? null;
  }

  refresh(): Promise<void> {
    return refuse('refresh');
  }

  find(nameOrId: string): IEndpointInfo | undefined {
    return this.items.find(
      ({ id, name }) => id === nameOrId || name === nameOrId
    );
  }

  defaultFor(_notebookPath: string): IEndpointInfo | null {
    return this.default;
  }

  chosenFor(_notebookPath: string): string | null {
    return null;
  }

  setDefaultFor(_notebookPath: string, _id: string | null): void {
    refuse('setDefaultFor');
  }

  add(_id: string, _service: string): Promise<IEndpointInfo> {
    return refuse('add');
  }

  remove(_id: string): void {
    refuse('remove');
  }

  setHidden(_id: string, _isHidden: boolean): void {
    refuse('setHidden');
  }
}

function refuse(name: string): never {
  throw new Error(`Unexpected call of ${name}().`);
}
