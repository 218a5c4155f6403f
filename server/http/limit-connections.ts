/**
 * Caps how many connections one part of the network holds, so that somebody who opens them and sends nothing
 * leaves room for others. Behind a proxy every connection is the proxy's: there the proxy must do it, and
 * this does nothing.
 */
import type { Server } from 'node:net';
import { subnetOf } from '../access/subnet.js';

/** A large school behind one address, six connections for each of 1,000 browsers. */
const MAX_CONNECTIONS_PER_SUBNET = 6000;

export function limitConnections(server: Server, most = MAX_CONNECTIONS_PER_SUBNET): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const subnet = subnetOf(socket.remoteAddress ?? '');
    const count = (open.get(subnet) ?? 0) + 1;
    open.set(subnet, count);
    socket.once('close', () => {
      const left = (open.get(subnet) ?? 1) - 1;
      if (left > 0) open.set(subnet, left);
      else open.delete(subnet);
    });
    if (count > most) socket.destroy();
  });
}
