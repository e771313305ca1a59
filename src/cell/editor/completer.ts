import type {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider
} from '@jupyterlab/completer';
import { NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';

import type {
  IAccounts,
  IClassFiles,
  IEndpoints,
  IFunctions
} from '../../tokens';
import { describeEndpoint } from '../bar/endpointPicker';
import { isComputeCell } from '../magic/magic';
import type { IKnownValue } from './completions';
import { completeMagic } from './completions';

/** Above the kernel, which knows nothing of this line. */
const RANK = 1000;

/** Completes the magic line of `%%compute` cells. */
export class MagicCompleter implements ICompletionProvider {
  constructor(
    endpoints: IEndpoints,
    functions: IFunctions,
    accounts: Pick<IAccounts, 'items' | 'groups'>,
    classFiles: Pick<IClassFiles, 'rules'>,
    trans: TranslationBundle
  ) {
    this._endpoints = endpoints;
    this._accounts = accounts;
    this._functions = functions;
    this._classFiles = classFiles;
    this._trans = trans;
  }

  readonly identifier = 'globus-compute-magic';
  readonly rank = RANK;

  isApplicable({ editor }: ICompletionContext): Promise<boolean> {
    const source = editor?.model.sharedModel.getSource() ?? '';
    return Promise.resolve(isComputeCell(source));
  }

  async fetch(
    { text, offset }: CompletionHandler.IRequest,
    { widget }: ICompletionContext
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const path = widget instanceof NotebookPanel ? widget.context.path : '';
    const ofClass = this._classFiles.rules(path)?.content.functions ?? [];
    const found = completeMagic(text, offset, {
      endpoint: this._endpoints.items.map(endpoint => ({
        text: endpoint.name,
        help: describeEndpoint(endpoint, this._trans)
      })),
      function: [
        ...ofClass.map(({ id, name, description }) => ({
          text: `${name}=${id}`,
          help: description ?? this._trans.__('A function of the class file')
        })),
        ...this._functions.items.map(({ id, name, description }) => ({
          text: `${name}=${id}`,
          help: description ?? this._trans.__('A function that was used here')
        }))
      ],
      group: asksForGroup(text, offset) ? await this._groups() : []
    });
    return {
      start: found?.start ?? offset,
      end: found?.end ?? offset,
      items: (found?.items ?? []).map(item => ({
        label: item.label,
        insertText: item.text,
        type: item.kind,
        documentation: item.help
      }))
    };
  }

  /** The groups of whoever is signed in; none where they are not told. */
  private async _groups(): Promise<IKnownValue[]> {
    const services = this._accounts.items
      .filter(({ state }) => state === 'signed-in')
      .map(({ service }) => service);
    const answers = await Promise.allSettled(
      services.map(service => this._accounts.groups(service))
    );
    return answers.flatMap(answer =>
      answer.status === 'fulfilled'
        ? answer.value.map(({ id, name }) => ({ text: name, help: id }))
        : []
    );
  }

  private readonly _accounts: Pick<IAccounts, 'items' | 'groups'>;
  private readonly _endpoints: IEndpoints;
  private readonly _functions: IFunctions;
  private readonly _classFiles: Pick<IClassFiles, 'rules'>;
  private readonly _trans: TranslationBundle;
}

/** Whether the value of `--group` is being written. */
function asksForGroup(text: string, offset: number): boolean {
  return /--group[\s=][^\n]*$/.test(text.slice(0, offset));
}
