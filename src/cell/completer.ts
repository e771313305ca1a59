import type {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider
} from '@jupyterlab/completer';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { IEndpoints, IFunctions } from '../tokens';
import { completeMagic } from './completions';
import { describeEndpoint } from './endpointPicker';
import { isComputeCell } from './magic';

/** Above the kernel, which knows nothing of this line. */
const RANK = 1000;

/** Completes the magic line of `%%compute` cells. */
export class MagicCompleter implements ICompletionProvider {
  constructor(
    endpoints: IEndpoints,
    functions: IFunctions,
    trans: TranslationBundle
  ) {
    this._endpoints = endpoints;
    this._functions = functions;
    this._trans = trans;
  }

  readonly identifier = 'globus-compute-magic';
  readonly rank = RANK;

  isApplicable({ editor }: ICompletionContext): Promise<boolean> {
    const source = editor?.model.sharedModel.getSource() ?? '';
    return Promise.resolve(isComputeCell(source));
  }

  fetch({
    text,
    offset
  }: CompletionHandler.IRequest): Promise<CompletionHandler.ICompletionItemsReply> {
    const found = completeMagic(text, offset, {
      endpoint: this._endpoints.items.map(endpoint => ({
        text: endpoint.name,
        help: describeEndpoint(endpoint, this._trans)
      })),
      function: this._functions.items.map(({ id, name, description }) => ({
        text: `${name}=${id}`,
        help: description ?? this._trans.__('A function that was used here')
      }))
    });
    return Promise.resolve({
      start: found?.start ?? offset,
      end: found?.end ?? offset,
      items: (found?.items ?? []).map(item => ({
        label: item.label,
        insertText: item.text,
        type: item.kind,
        documentation: item.help
      }))
    });
  }

  private readonly _endpoints: IEndpoints;
  private readonly _functions: IFunctions;
  private readonly _trans: TranslationBundle;
}
