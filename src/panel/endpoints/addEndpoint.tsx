import type { TranslationBundle } from '@jupyterlab/translation';
import { HTMLSelect, InputGroup } from '@jupyterlab/ui-components';
import type { ReactElement } from 'react';
import { useState } from 'react';

import type { IServiceInfo } from '../../tokens';

import { EXAMPLE_ID, readUuids } from '../uuids';

/** Properties of {@link AddEndpoint}. */
export interface IAddEndpointProps {
  /** The services it can be added from, the usual one first. */
  readonly services: readonly IServiceInfo[];
  readonly trans: TranslationBundle;
  /** Add it; rejects, in words for a person, where the service has none. */
  readonly onAdd: (id: string, service: string) => Promise<void>;
}

/** Adds an endpoint by its id: one that a colleague shares, for example. */
export function AddEndpoint(props: IAddEndpointProps): ReactElement {
  const { trans } = props;
  const [isOpen, setIsOpen] = useState(false);
  return isOpen ? (
    <AddForm
      {...props}
      onClose={() => {
        setIsOpen(false);
      }}
    />
  ) : (
    <button
      type="button"
      className="jp-GlobusCompute-link"
      onClick={() => {
        setIsOpen(true);
      }}
    >
      {trans.__('Add an endpoint…')}
    </button>
  );
}

interface IAddFormProps extends IAddEndpointProps {
  readonly onClose: () => void;
}

function AddForm(props: IAddFormProps): ReactElement {
  const { services, trans, onAdd, onClose } = props;
  const [id, setId] = useState('');
  const [service, setService] = useState(services.at(0)?.name ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const [isAdding, setIsAdding] = useState(false);
  const add = async (): Promise<void> => {
    const ids = readUuids(id);
    if (ids?.length !== 1) {
      setProblem(trans.__('An endpoint id looks like %1.', EXAMPLE_ID));
      return;
    }
    setIsAdding(true);
    try {
      await onAdd(ids[0], service);
      onClose();
    } catch (reason) {
      setProblem(reason instanceof Error ? reason.message : String(reason));
      setIsAdding(false);
    }
  };
  return (
    <form
      className="jp-GlobusCompute-addForm"
      aria-label={trans.__('Add an endpoint')}
      onSubmit={event => {
        event.preventDefault();
        void add();
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <div className="jp-GlobusCompute-filter">
        <InputGroup
          className="jp-GlobusCompute-search"
          value={id}
          placeholder={trans.__('Endpoint id')}
          aria-label={trans.__('Endpoint id')}
          autoFocus={true}
          onChange={event => {
            setId(event.currentTarget.value);
            setProblem(null);
          }}
        />
        {services.length > 1 && (
          <HTMLSelect
            className="jp-GlobusCompute-select"
            value={service}
            aria-label={trans.__('Service')}
            onChange={event => {
              setService(event.currentTarget.value);
            }}
            options={services.map(({ name, label }) => ({
              value: name,
              label
            }))}
          />
        )}
      </div>
      {problem !== null && (
        <div className="jp-GlobusCompute-failure" role="alert">
          {problem}
        </div>
      )}
      <div className="jp-GlobusCompute-rowActions">
        <button
          type="submit"
          className="jp-GlobusCompute-link"
          disabled={isAdding || id.trim() === ''}
        >
          {isAdding ? trans.__('Adding…') : trans.__('Add')}
        </button>
        <button
          type="button"
          className="jp-GlobusCompute-link"
          onClick={onClose}
        >
          {trans.__('Cancel')}
        </button>
      </div>
    </form>
  );
}
