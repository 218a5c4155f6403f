/** One part of the network holds so many connections and no more; what it closes it may open again. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from '@jest/globals';
import { limitConnections } from '../../server/http/limit-connections.js';

it('caps the connections of one part of the network', async () => {
  const server = createServer((_request, response) => response.end('here'));
  limitConnections(server, 2);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const open = async (): Promise<Socket> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    return socket;
  };
  const sockets = [await open(), await open(), await open()];
  expect(sockets.map(({ bytesRead }) => bytesRead > 0)).toEqual([true, true, false]);
  const closed = once(sockets[0]!, 'close');
  sockets[0]!.destroy();
  await closed;
  // The server hears of it a moment later.
  let again = await open();
  for (let look = 0; look < 20 && again.bytesRead === 0; look += 1) again = await open();
  expect(again.bytesRead).toBeGreaterThan(0);
  server.closeAllConnections();
  server.close();
});
