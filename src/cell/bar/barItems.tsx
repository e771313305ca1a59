import type { LabIcon } from '@jupyterlab/ui-components';
import {
  caretDownEmptyThinIcon,
  ellipsesIcon,
  ReactWidget
} from '@jupyterlab/ui-components';
import { Menu } from '@lumino/widgets';
import * as React from 'react';

import { CommandIDs } from '../../tokens';
import { describeClass } from '../classDefaults';
import type { BarModel } from './barModel';
import { describeEndpoint, describeStatus, StatusDot } from './endpointPicker';
import { EndpointPopup } from './endpointPopup';

/* Below this the state says too little to be worth its place. */
const LEAST_STATE_WIDTH_PX = 56;

/** An item of a cell's bar: redrawn whenever what the bar tells changes. */
abstract class BarItem extends ReactWidget {
  constructor(protected readonly bar: BarModel) {
    super();
    this.addClass('jp-GlobusCompute-barItem');
    bar.stateChanged.connect(this.update, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.bar.stateChanged.disconnect(this.update, this);
      super.dispose();
    }
  }
}

/** Where the cell runs; opens the list of endpoints to choose from. */
export class EndpointSelector extends BarItem {
  /** Open the list. */
  open(): void {
    const button = this.node.querySelector('button');
    if (button && !this._popup) {
      this._popup = EndpointPopup.open(this.bar, button);
      this._popup.disposed.connect(() => {
        this._popup = null;
        this.update();
      });
      this.update();
    }
  }

  override dispose(): void {
    this._popup?.dispose();
    super.dispose();
  }

  protected override render(): React.JSX.Element {
    const { bar } = this;
    const { trans, endpoint, endpointName } = bar;
    const status = endpoint?.status ?? 'unknown';
    const name =
      endpoint?.name ??
      (endpointName === null
        ? bar.services.endpoints.problem === null
          ? trans.__('Looking for endpoints…')
          : trans.__('No endpoints')
        : trans.__('%1 (unknown)', endpointName));
    const words = endpoint ? describeEndpoint(endpoint, trans) : name;
    return (
      <button
        type="button"
        className="jp-GlobusCompute-barEndpoint"
        aria-haspopup="listbox"
        aria-expanded={this._popup !== null}
        aria-label={trans.__(
          'Endpoint: %1, %2',
          name,
          describeStatus(status, trans)
        )}
        title={trans.__('Endpoint that this cell runs on: %1', words)}
        onClick={() => this.open()}
        onKeyDown={event => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            event.stopPropagation();
            this.open();
          }
        }}
      >
        <StatusDot status={status} />
        <span className="jp-GlobusCompute-barEndpointName">{name}</span>
        {status === 'offline' ? (
          <span className="jp-GlobusCompute-muted">{trans.__('offline')}</span>
        ) : null}
        <caretDownEmptyThinIcon.react tag="span" elementSize="small" />
      </button>
    );
  }

  private _popup: EndpointPopup | null = null;
}

/** What a command button of a bar is made of. */
export interface IBarButton {
  readonly command: string;
  /** Shorter than the command's own label, where that is long. */
  readonly label?: string;
  readonly icon?: LabIcon;
  /** Whether it has an edge, as the one thing to press next. */
  readonly isProminent?: boolean;
  /** Whether it is there only while the cell does not run. */
  readonly isIdleOnly?: boolean;
}

/** A button for a command on this cell; there only while it can be used. */
export class BarButton extends BarItem {
  constructor(bar: BarModel, button: IBarButton) {
    super(bar);
    this._button = button;
    this.node.dataset.fold = 'hide';
    bar.services.commands.commandChanged.connect(this._onCommandChanged, this);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.bar.services.commands.commandChanged.disconnect(
        this._onCommandChanged,
        this
      );
      super.dispose();
    }
  }

  protected override render(): React.JSX.Element | null {
    const { command, label, icon, isProminent, isIdleOnly } = this._button;
    const { commands } = this.bar.services;
    const args = { cellId: this.bar.cell.id };
    if (
      (isIdleOnly && this.bar.run) ||
      !commands.hasCommand(command) ||
      !commands.isVisible(command, args) ||
      !commands.isEnabled(command, args)
    ) {
      return null;
    }
    return (
      <button
        type="button"
        className="jp-GlobusCompute-barButton"
        data-prominent={isProminent ?? false}
        title={commands.caption(command, args)}
        onClick={() => void commands.execute(command, args)}
      >
        {icon ? <icon.react tag="span" elementSize="small" /> : null}
        {label ?? commands.label(command, args)}
      </button>
    );
  }

  private _onCommandChanged(
    _: unknown,
    { id, type }: { id?: string; type: string }
  ): void {
    if (id === this._button.command || type === 'many-changed') {
      this.update();
    }
  }

  private readonly _button: IBarButton;
}

/** What the cell is doing, or how it ended. */
export class BarState extends BarItem {
  constructor(bar: BarModel) {
    super(bar);
    this.addClass('jp-GlobusCompute-barStateItem');
  }

  protected override render(): React.JSX.Element {
    const { state, defaults, isProblem, announcement, trans } = this.bar;
    const rules = this.bar.classRules;
    const width = state || defaults || rules ? LEAST_STATE_WIDTH_PX : 0;
    this.node.dataset.fold = String(width);
    return (
      <>
        {rules ? (
          <span
            className="jp-GlobusCompute-barDefaults"
            title={
              rules.detour ??
              trans.__(
                'Set by the class file %1, where the cell says nothing else: %2',
                rules.file.path,
                describeClass(rules)
              )
            }
          >
            {rules.detour === null
              ? trans.__('class: %1', describeClass(rules))
              : trans.__('class: on this computer')}
          </span>
        ) : null}
        {defaults ? (
          <span
            className="jp-GlobusCompute-barDefaults"
            title={trans.__('Set by %compute_config: %1', defaults)}
          >
            {defaults}
          </span>
        ) : null}
        <span
          className="jp-GlobusCompute-barState"
          data-tone={isProblem ? 'error' : 'quiet'}
          title={state}
        >
          {state}
        </span>
        <span
          className="jp-GlobusCompute-visuallyHidden"
          role="status"
          aria-live="polite"
        >
          {announcement}
        </span>
      </>
    );
  }
}

/** Opens the menu with everything that can be done with the cell. */
export class BarMenuButton extends BarItem {
  protected override render(): React.JSX.Element {
    const { trans } = this.bar;
    return (
      <button
        type="button"
        className="jp-GlobusCompute-barButton"
        aria-haspopup="menu"
        aria-label={trans.__('More actions for this cell')}
        title={trans.__('More')}
        onClick={event => this._open(event.currentTarget)}
      >
        <ellipsesIcon.react tag="span" elementSize="small" />
      </button>
    );
  }

  private _open(button: HTMLElement): void {
    const { commands } = this.bar.services;
    const menu = new Menu({ commands });
    const args = { cellId: this.bar.cell.id };
    for (const group of MENU) {
      for (const command of group.filter(id => commands.hasCommand(id))) {
        menu.addItem({ command, args });
      }
      menu.addItem({ type: 'separator' });
    }
    menu.addItem({ command: CommandIDs.showPanel });
    menu.aboutToClose.connect(() => {
      // The item's command runs after the menu has closed.
      requestAnimationFrame(() => menu.dispose());
      button.focus();
    });
    const { left, bottom } = button.getBoundingClientRect();
    menu.open(left, bottom);
    // Opened by a key, it is gone through by keys.
    menu.activeIndex = 0;
  }
}

const MENU = [
  [
    CommandIDs.run,
    CommandIDs.chooseEndpoint,
    CommandIDs.sendToBackground,
    CommandIDs.stopWaiting,
    CommandIDs.cancel,
    CommandIDs.runFailedAgain
  ],
  [CommandIDs.showDetails, CommandIDs.copyIds]
] as const;
