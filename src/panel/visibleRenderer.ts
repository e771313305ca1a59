import type { VDomModel } from '@jupyterlab/ui-components';
import { VDomRenderer } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';

/**
 * A view that draws only while it can be seen: batches may change at every
 * animation frame, and the side panel is closed most of the time.
 */
export abstract class VisibleRenderer<
  T extends VDomModel
> extends VDomRenderer<T> {
  protected override onUpdateRequest(msg: Message): void {
    if (this.isVisible) {
      super.onUpdateRequest(msg);
    }
  }

  /** Catch up with what happened while nobody looked. */
  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.update();
  }
}
