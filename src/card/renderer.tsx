import type { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import type { TranslationBundle } from '@jupyterlab/translation';
import { VDomRenderer } from '@jupyterlab/ui-components';
import type { Message } from '@lumino/messaging';
import { MessageLoop } from '@lumino/messaging';
import { Poll } from '@lumino/polling';
import { Widget } from '@lumino/widgets';
import type { ReactElement } from 'react';

import { estimateLeft } from '../model/batches/estimate';
import { explainWaiting } from '../model/batches/waiting';
import { isActive } from '../model/format';
import type { IBatch, IBatches, IEndpoints } from '../tokens';
import { BATCH_MIME_TYPE } from '../tokens';

import { BatchCard } from './card';
import { CardModel } from './cardModel';
import { cellOf, EditWatch } from './editWatch';
import { isFromLaterVersion } from './snapshot';

/** How often the time of a running batch moves on. */
const TICK_MS = 1000;

/** How often the endpoint of a waiting batch is looked at. */
const LOOK_INTERVAL_S = 10;

/** What a card needs from its surroundings. */
export interface IBatchRendererOptions {
  /** The batches this JupyterLab knows. */
  readonly batches: IBatches;
  /** Where batches run; asked why one waits. */
  readonly endpoints: Pick<IEndpoints, 'find' | 'refresh'>;
  readonly trans: TranslationBundle;
  /** Show a line, counted from 1, of the cell that a batch was run from. */
  readonly onGoToLine: (batch: IBatch, line: number) => void;
  /** Choose where the cell of a batch runs. */
  readonly onChooseEndpoint: (batch: IBatch) => void;
  /** Submit the failed tasks of a batch again. */
  readonly onRunFailedAgain: (batch: IBatch) => void;
  /** Put a text on the system's clipboard. */
  readonly onCopy: (text: string) => void;
}

/**
 * The renderer factory of batch cards.
 *
 * It is a safe one: cards render what an untrusted notebook holds as text
 * only, and offer actions only for batches this JupyterLab itself has run.
 *
 * @param options - What cards need from their surroundings.
 */
export function createBatchRendererFactory(
  options: IBatchRendererOptions
): IRenderMime.IRendererFactory {
  return {
    safe: true,
    mimeTypes: [BATCH_MIME_TYPE],
    createRenderer: () => new BatchRenderer(options)
  };
}

/** Shows a batch in the output of a cell, live while the batch is known. */
export class BatchRenderer
  extends VDomRenderer<CardModel>
  implements IRenderMime.IRenderer
{
  constructor(options: IBatchRendererOptions) {
    const model = new CardModel(options.batches);
    super(model);
    this._options = options;
    this._card = model;
    this._clock = new Poll({
      auto: false,
      factory: () => this._tick(),
      frequency: { interval: TICK_MS, backoff: false },
      name: 'jupyterlab-globus-compute:card-clock',
      standby: () => !this.isVisible || 'when-hidden'
    });
    model.stateChanged.connect(this._setClock, this);
    this._edits.changed.connect(() => this.update());
    this.addClass('jp-GlobusCompute-cardOutput');
  }

  /**
   * Show the data of an output. Called again by JupyterLab at every change of
   * the output.
   *
   * @param model - The output's data.
   * @returns When the card, if attached, has been drawn.
   */
  async renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    this._isTrusted = model.trusted;
    this._card.setData(model.data[BATCH_MIME_TYPE]);
    if (this.isAttached) {
      MessageLoop.sendMessage(this, Widget.Msg.UpdateRequest);
      await this.renderPromise;
    }
  }

  /** The card that is shown somewhere within a widget, if there is one. */
  static within(widget: Widget): BatchRenderer | undefined {
    for (const child of widget.children()) {
      const found =
        child instanceof BatchRenderer ? child : BatchRenderer.within(child);
      if (found) {
        return found;
      }
    }
    return undefined;
  }

  /** Open or close the details, as a press on the header does. */
  toggleDetails(): void {
    const header = this.node.querySelector<HTMLElement>(
      '.jp-GlobusCompute-cardHeader'
    );
    header?.click();
    header?.focus();
  }

  /** Stop following the batch. */
  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._clock.dispose();
    this._edits.dispose();
    this._card.dispose();
    super.dispose();
  }

  protected override render(): ReactElement {
    const { snapshot, batch } = this._card;
    const { batches, endpoints, trans, onCopy } = this._options;
    const now = Date.now() / 1000;
    this._edits.watch(cellOf(this), snapshot?.sourceHash ?? '');
    return snapshot ? (
      <BatchCard
        snapshot={snapshot}
        live={batch !== undefined}
        isForeign={batch === undefined && !this._isTrusted}
        now={now}
        timeLeft={batch && estimateLeft(batch, now)}
        isEdited={this._edits.isEdited}
        waitingReason={
          batch &&
          explainWaiting(batch, endpoints.find(batch.endpoint.id), now, trans)
        }
        trans={trans}
        onCopy={onCopy}
        onGoToLine={line => {
          if (batch) {
            this._options.onGoToLine(batch, line);
          }
        }}
        onChooseEndpoint={
          batch && (() => this._options.onChooseEndpoint(batch))
        }
        onRunFailedAgain={
          batch?.state === 'failed' && batches.canRetry(batch)
            ? () => this._options.onRunFailedAgain(batch)
            : undefined
        }
      />
    ) : (
      <p className="jp-GlobusCompute-unreadable">
        {explainUnreadable(this._card.data, trans)}
      </p>
    );
  }

  /** Drawing into a detached node would mount a tree nobody unmounts. */
  protected override onUpdateRequest(msg: Message): void {
    if (this.isAttached) {
      super.onUpdateRequest(msg);
    }
  }

  /** Move the time on; look after the endpoint of a batch that waits. */
  private async _tick(): Promise<void> {
    const now = Date.now() / 1000;
    const { batch } = this._card;
    if (
      batch?.state === 'waiting' &&
      now - Math.max(batch.created, this._lookedAt) > LOOK_INTERVAL_S
    ) {
      this._lookedAt = now;
      await this._options.endpoints.refresh();
    }
    this.update();
  }

  /** Let the clock run only while there is a time to move on. */
  private _setClock(): void {
    const { batch } = this._card;
    const ticks = batch !== undefined && isActive(batch.state);
    if (ticks !== this._isTicking) {
      this._isTicking = ticks;
      void (ticks ? this._clock.start() : this._clock.stop());
    }
  }

  private readonly _options: IBatchRendererOptions;
  private readonly _card: CardModel;
  private readonly _clock: Poll;
  private readonly _edits = new EditWatch();
  private _isTrusted = false;
  private _isTicking = false;
  private _lookedAt = 0;
}

function explainUnreadable(data: unknown, trans: TranslationBundle): string {
  return isFromLaterVersion(data)
    ? trans.__(
        'This batch card was saved by a later version of jupyterlab-globus-compute. Update the extension to see it.'
      )
    : trans.__(
        'This batch card cannot be shown: the data saved in the notebook is damaged. Run the cell again to replace it.'
      );
}
