/**
 * Where the provider of the tests keeps what it issues: in memory, apart from
 * any other provider of the process.
 */

/** What the provider stores; it looks after lifetimes by itself. */
interface IPayload extends Record<string, unknown> {
  grantId?: string;
  uid?: string;
}

/** One kind of thing, such as access tokens. */
export interface IAdapter {
  upsert(id: string, payload: IPayload): Promise<void>;
  find(id: string): Promise<IPayload | undefined>;
  findByUid(uid: string): Promise<IPayload | undefined>;
  consume(id: string): Promise<void>;
  destroy(id: string): Promise<void>;
  revokeByGrantId(grantId: string): Promise<void>;
}

/** Makes an adapter for each kind of thing that a provider stores. */
export function memoryAdapter(): IAdapter {
  const items = new Map<string, IPayload>();
  return {
    upsert: async (id, payload) => void items.set(id, payload),
    find: async id => items.get(id),
    findByUid: async uid => [...items.values()].find(item => item.uid === uid),
    consume: async id => {
      items.set(id, { ...items.get(id), consumed: Date.now() / 1000 });
    },
    destroy: async id => void items.delete(id),
    revokeByGrantId: async grantId => {
      for (const [id, item] of [...items]) {
        if (item.grantId === grantId) {
          items.delete(id);
        }
      }
    }
  };
}
