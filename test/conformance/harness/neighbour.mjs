// A server beside the two runtimes that programs connect to.
import { once } from 'node:events';
import net from 'node:net';

/**
 * Listens, as long as something else keeps the process alive.
 * @param {net.Server} server
 * @returns {Promise<string>} a query that tells a program the server's port and one where nobody listens
 */
export async function neighbourQuery(server) {
  const gone = net.createServer();
  for (const one of [server, gone]) await once(one.listen(0, '127.0.0.1'), 'listening');
  server.unref();
  const [port, closed] = [server, gone].map(
    (one) => /** @type {net.AddressInfo} */ (one.address()).port,
  );
  gone.close();
  return `port=${port}&closed=${closed}`;
}
