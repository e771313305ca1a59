/**
 * The gateway as a browser sees it, in this process: as many batches and tasks
 * as wanted, and news of them at a given rate.
 */

/** How often news come: what the gateway sends at most. */
const messagesPerSecond = 10;

const endpoint = {
  id: 'e0000000-0000-4000-8000-000000000000',
  name: 'cluster'
};

/**
 * @param {number} at
 * @param {string} kind - a hexadecimal digit
 * @returns {string} a UUID
 */
function uuid(at, kind) {
  return `${kind}${at.toString(16).padStart(7, '0')}-0000-4000-8000-000000000000`;
}

/** Answers what the front end asks of the gateway. */
export class FakeGateway {
  /**
   * @param {object} options
   * @param {number} options.batches - how many
   * @param {number} options.tasks - of the newest batch
   * @param {number} options.updatesPerSecond - each of one batch
   */
  constructor({ batches, tasks, updatesPerSecond }) {
    this._sequence = 1;
    this._updatesPerMessage = updatesPerSecond / messagesPerSecond;
    this._now = Math.floor(Date.now() / 1000);
    this._batches = Array.from({ length: batches }, (_, at) =>
      this._makeBatch(at, at === 0 ? tasks : 20)
    );
    /** @type {import('@playwright/test').WebSocketRoute | null} */
    this._socket = null;
    /** @type {NodeJS.Timeout | undefined} */
    this._timer = undefined;
    this._turn = 0;
    /** How many updates were sent. */
    this.updates = 0;
  }

  /**
   * @param {import('@playwright/test').Page} page - whose requests to answer
   */
  async serve(page) {
    await page.route(/\/globus-compute\//, route => this._answer(route));
    await page.routeWebSocket(/\/globus-compute\/events/, socket => {
      this._socket = socket;
      socket.onMessage(() => {
        this._send({ type: 'hello', features: {} });
      });
    });
  }

  /** Send news until {@link stop}. */
  start() {
    this._timer = setInterval(() => {
      this._tell();
    }, 1000 / messagesPerSecond);
  }

  stop() {
    clearInterval(this._timer);
  }

  /** News of the large batch and of others in turn. */
  _tell() {
    const batches = [];
    for (let n = 0; n < this._updatesPerMessage; n++) {
      this._turn += 1;
      const at = n === 0 ? 0 : this._turn % this._batches.length;
      batches.push(this._advance(at));
    }
    this.updates += batches.length;
    this._send({ type: 'batches', batches, removed: [] });
  }

  /**
   * @param {number} at
   */
  _advance(at) {
    const batch = this._batches[at];
    const { counts } = batch;
    const isOver = counts.waiting === 0;
    this._batches[at] = {
      ...batch,
      counts: isOver
        ? { ...counts, waiting: counts.total - 1, done: 0 }
        : { ...counts, waiting: counts.waiting - 1, done: counts.done + 1 },
      sequence: this._sequence
    };
    return this._batches[at];
  }

  /**
   * @param {object} message
   */
  _send(message) {
    this._sequence += 1;
    this._socket?.send(
      JSON.stringify({ ...message, sequence: this._sequence })
    );
  }

  /**
   * @param {import('@playwright/test').Route} route
   */
  async _answer(route) {
    const url = new URL(route.request().url());
    const path = url.pathname.replace(/^.*\/globus-compute\//, '');
    const json = this._find(path, url.searchParams);
    await route.fulfill(
      json === null
        ? {
            status: 404,
            json: { code: 'NOT_FOUND', reason: path, http_status_code: 404 }
          }
        : { json }
    );
  }

  /**
   * @param {string} path
   * @param {URLSearchParams} search
   * @returns {object | null}
   */
  _find(path, search) {
    if (path === 'services') {
      return {
        services: [
          {
            name: 'local',
            label: 'This computer',
            kind: 'local',
            needsAccount: false,
            features: { cancel: true, events: true }
          }
        ],
        default: 'local'
      };
    }
    if (path === 'batches') {
      const before = Number(search.get('before') ?? Infinity);
      const limit = Number(search.get('limit'));
      const batches = this._batches
        .filter(({ created }) => created < before)
        .slice(0, limit);
      return { batches, sequence: this._sequence };
    }
    if (path.endsWith('/tasks')) {
      return this._tasks(path.split('/')[1], search);
    }
    return path === 'services/local/v2/endpoints' ? [] : null;
  }

  /**
   * @param {string} id - of a batch
   * @param {URLSearchParams} search
   */
  _tasks(id, search) {
    const total = this._batches.find(batch => batch.id === id)?.counts.total;
    const offset = Number(search.get('offset'));
    const length = Math.max(
      0,
      Math.min(Number(search.get('limit')), (total ?? 0) - offset)
    );
    return {
      total,
      tasks: Array.from({ length }, (_, n) => ({
        index: offset + n,
        id: uuid(offset + n, 'a'),
        label: `simulate(seed=${offset + n}, n=100)`,
        line: 4,
        functionId: uuid(0, 'f'),
        state: (offset + n) % 3 === 0 ? 'running' : 'success',
        submitted: this._now,
        started: this._now + 1,
        ended: (offset + n) % 3 === 0 ? null : this._now + 4,
        failure: null,
        lost: false
      }))
    };
  }

  /**
   * @param {number} at - position, the newest first
   * @param {number} total - number of tasks
   */
  _makeBatch(at, total) {
    return {
      id: uuid(at, 'b'),
      title: `simulate-${at}`,
      service: 'local',
      endpoint,
      notebookPath: `sweeps/sweep-${at % 20}.ipynb`,
      cellId: `cell-${at}`,
      sourceHash: '',
      created: this._now - at * 60,
      ended: null,
      state: 'running',
      counts: { total, waiting: total - 1, running: 1, done: 0, failed: 0 },
      taskGroupId: uuid(at, 'c'),
      functionIds: [uuid(at % 50, 'f')],
      firstFailure: null,
      note: null,
      origin: 'cell',
      landed: true,
      lost: 0,
      pythonVersion: '3.11.2',
      sequence: 1
    };
  }
}
