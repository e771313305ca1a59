import { ReactWidget } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import * as React from 'react';

import type { BarModel } from './barModel';
import { EndpointPicker } from './endpointPicker';

/* Room kept between the popup and the edge of the window. */
const MARGIN_PX = 8;

/** The list of endpoints that opens below the selector of a bar. */
export class EndpointPopup extends ReactWidget {
  private constructor(
    private readonly _bar: BarModel,
    private readonly _opener: HTMLElement
  ) {
    super();
    this.addClass('jp-GlobusCompute-picker');
    this.addClass('jp-ThemedContainer');
    _bar.services.endpoints.changed.connect(this.update, this);
  }

  /**
   * Open the list.
   *
   * @param opener - What it opens from; takes the focus back.
   */
  static open(bar: BarModel, opener: HTMLElement): EndpointPopup {
    const popup = new EndpointPopup(bar, opener);
    // Not inside the bar, which cuts what does not fit into its line.
    Widget.attach(popup, document.body);
    popup._place();
    // What was read a while ago may not be true now.
    void bar.services.endpoints.refresh();
    return popup;
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._bar.services.endpoints.changed.disconnect(this.update, this);
      super.dispose();
    }
  }

  /** See the DOM's EventListener. */
  handleEvent(event: Event): void {
    const goesOutside =
      !(event.target instanceof Node) || !this.node.contains(event.target);
    if (goesOutside) {
      this.dispose();
    }
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    for (const type of OUTSIDE) {
      document.addEventListener(type, this, true);
    }
  }

  protected override onBeforeDetach(msg: Message): void {
    for (const type of OUTSIDE) {
      document.removeEventListener(type, this, true);
    }
    super.onBeforeDetach(msg);
  }

  protected override render(): React.JSX.Element {
    const { endpoints } = this._bar.services;
    return (
      <EndpointPicker
        endpoints={endpoints.items}
        chosen={this._bar.endpoint?.id}
        problem={endpoints.problem}
        trans={this._bar.trans}
        onChoose={endpoint => {
          this.dispose();
          if (endpoint) {
            this._bar.chooseEndpoint(endpoint.name);
          }
          this._opener.focus();
        }}
      />
    );
  }

  private _place(): void {
    const { left, bottom, top } = this._opener.getBoundingClientRect();
    const below = window.innerHeight - bottom - MARGIN_PX;
    const above = top - MARGIN_PX;
    const { style } = this.node;
    style.left = `${Math.max(MARGIN_PX, left)}px`;
    if (below >= above) {
      style.top = `${bottom + 2}px`;
    } else {
      style.bottom = `${window.innerHeight - top + 2}px`;
    }
    style.maxHeight = `${Math.max(below, above)}px`;
  }
}

/* What moves the bar away from under the popup, or means something else. */
const OUTSIDE = ['pointerdown', 'wheel', 'focusin'] as const;
