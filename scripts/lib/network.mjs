import { createServer } from 'node:net';

/** The one address anything here listens on. */
export const loopback = '127.0.0.1';

/**
 * @param {number} port - 0 for any
 * @returns {Promise<number | null>} the port, `null` where it is taken
 */
export function freePort(port) {
  return new Promise(resolve => {
    const server = createServer();
    server.once('error', () => {
      resolve(null);
    });
    server.listen(port, loopback, () => {
      const address = server.address();
      const found =
        typeof address === 'object' ? (address?.port ?? null) : null;
      server.close(() => {
        resolve(found);
      });
    });
  });
}
