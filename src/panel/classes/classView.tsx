import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';

import type { IClassFile, IClassFunction, IServiceInfo } from '../../tokens';

import { classFacts } from './classFacts';

/** Properties of {@link ClassView}. */
export interface IClassViewProps {
  readonly file: IClassFile;
  /** The service that it names, if this server has it. */
  readonly service: IServiceInfo | undefined;
  readonly trans: TranslationBundle;
}

/** What a class file says. All of it is text from outside, shown as text. */
export function ClassView(props: IClassViewProps): ReactElement {
  const { file, service, trans } = props;
  const { content, problems } = file;
  if (!content) {
    return (
      <p role="alert">
        {trans.__('It cannot be read: %1.', problems.join('; '))}
      </p>
    );
  }
  const facts = classFacts(content, service, trans);
  const { functions = [], config } = content;
  return (
    <div className="jp-GlobusCompute-class">
      <p>{explain(file, service, trans)}</p>
      <dl className="jp-GlobusCompute-classFacts">
        {facts.map(({ name, value, code }) => (
          <div key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd>
              {value} {code !== undefined && <code>{code}</code>}
            </dd>
          </div>
        ))}
        {functions.length > 0 && (
          <div>
            <dt>{trans.__('Functions')}</dt>
            <dd>
              {functions.map(item => (
                <FunctionItem key={item.name} item={item} trans={trans} />
              ))}
            </dd>
          </div>
        )}
        {config !== undefined && (
          <div>
            <dt>{trans.__('Template values')}</dt>
            <dd>
              <pre>{JSON.stringify(config, null, 2)}</pre>
            </dd>
          </div>
        )}
        <div>
          <dt>{trans.__('File')}</dt>
          <dd>{file.path}</dd>
        </div>
      </dl>
    </div>
  );
}

function FunctionItem({
  item,
  trans
}: {
  readonly item: IClassFunction;
  readonly trans: TranslationBundle;
}): ReactElement {
  return (
    <div>
      <code>{item.name}</code> {item.description} <code>{item.id}</code>
      {item.source !== undefined && (
        <details>
          <summary>{trans.__('Source')}</summary>
          <pre>{item.source}</pre>
        </details>
      )}
    </div>
  );
}

function explain(
  { state, content }: IClassFile,
  service: IServiceInfo | undefined,
  trans: TranslationBundle
): string {
  if (!service) {
    return trans.__(
      'It cannot be accepted here: ask whoever set up this Jupyter server to add the compute service “%1”.',
      content?.service ?? ''
    );
  }
  return state === 'accepted'
    ? trans.__(
        'You accepted this. Cells of this folder that say nothing else run there.'
      )
    : trans.__(
        'This is what the file says; nothing of it was looked up or sent. If you accept it, cells of this folder that say nothing else run there, and whoever owns the endpoint can read what they send.'
      );
}
