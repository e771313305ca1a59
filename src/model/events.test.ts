import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { GatewayEvents } from './events';
import { makeRecord } from './testing/fakeVault';

/** A connection whose other end is the test. */
class Socket {
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  readonly sent: unknown[] = [];
  isClosed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.onclose?.();
    }
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  greet(sequence: number): void {
    this.onopen?.();
    this.say({ type: 'hello', sequence, features: {} });
  }
}

describe('GatewayEvents', () => {
  let sockets: Socket[];
  let events: GatewayEvents;
  let isRefusing: boolean;

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    isRefusing = false;
    events = new GatewayEvents({
      connect: () => {
        const socket = new Socket();
        sockets.push(socket);
        if (isRefusing) {
          queueMicrotask(() => {
            socket.close();
          });
        }
        return socket as unknown as WebSocket;
      }
    });
    return () => {
      events.dispose();
    };
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  const listen = (): { told: string[]; stop: () => void } => {
    const told: string[] = [];
    const stop = events.listen({
      onTasks: states => {
        told.push(...[...states].map(([id, state]) => `${id} ${state}`));
      },
      onGap: () => {
        told.push(events.isLive ? 'gap, live' : 'gap');
      }
    });
    return { told, stop };
  };

  it('connects once, when somebody wants to hear', async () => {
    expect(sockets).toHaveLength(0);
    const { told, stop } = listen();
    events.start();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(1);
    sockets[0].greet(7);
    expect(sockets[0].sent).toEqual([{ type: 'subscribe', since: null }]);
    expect(events.isLive).toBe(true);
    sockets[0].say({
      type: 'tasks',
      sequence: 8,
      tasks: [{ id: 'a', status: 'running', batch: 'b' }]
    });
    expect(told).toEqual(['gap, live', 'a running']);
    stop();
    sockets[0].say({
      type: 'tasks',
      sequence: 9,
      tasks: [{ id: 'a', status: 'success', batch: 'b' }]
    });
    expect(told).toHaveLength(2);
    // A connection that holds is not made again.
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sockets).toHaveLength(1);
  });

  it('goes on from where it was when the connection broke', async () => {
    const { told } = listen();
    await vi.advanceTimersByTimeAsync(0);
    sockets[0].greet(7);
    sockets[0].say({ type: 'batches', sequence: 12, batches: [], removed: [] });
    sockets[0].close();
    expect(events.isLive).toBe(false);
    await vi.advanceTimersByTimeAsync(1000);
    sockets[1].greet(12);
    expect(sockets[1].sent).toEqual([{ type: 'subscribe', since: 12 }]);
    expect(told).toEqual(['gap, live', 'gap', 'gap, live']);
  });

  it('tries again, ever less often, while there is nobody', async () => {
    isRefusing = true;
    // The waits are drawn by lot, up to double the one before: always double.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    listen();
    await vi.advanceTimersByTimeAsync(600_000);
    random.mockRestore();
    // Without growing waits there would be 1,200; of 30 seconds each, 20.
    expect(sockets.length).toBeGreaterThan(20);
    expect(sockets.length).toBeLessThan(40);
  });

  it('gives up a connection on which nothing is said', async () => {
    listen();
    await vi.advanceTimersByTimeAsync(0);
    sockets[0].greet(1);
    await vi.advanceTimersByTimeAsync(40_000);
    sockets[0].say({ type: 'ping' });
    await vi.advanceTimersByTimeAsync(40_000);
    expect(sockets[0].isClosed).toBe(false);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sockets[0].isClosed).toBe(true);
    expect(sockets).toHaveLength(2);
  });

  it('tells of batches, and of a gap when the gateway forgot', async () => {
    const heard: unknown[] = [];
    events.batches.connect((_, news) => heard.push(news.removed));
    events.gap.connect(() => heard.push('gap'));
    events.start();
    await vi.advanceTimersByTimeAsync(0);
    sockets[0].greet(1);
    sockets[0].say({
      type: 'batches',
      sequence: 2,
      batches: [makeRecord()],
      removed: ['gone']
    });
    sockets[0].say({ type: 'reset', sequence: 3 });
    expect(heard).toEqual(['gap', ['gone'], 'gap']);
  });
});
