import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { messageOf } from '../error-message.ts';
import { PortUnavailable } from './port-unavailable.ts';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/** @throws {PortUnavailable} for an address that other machines can reach */
export function checkLoopback(host: string, port: number): void {
  if (!LOOPBACK.test(host))
    throw new PortUnavailable(host, port, 'the node listens on loopback addresses only.');
}

/** Listens on a port, 0 for any free one; returns the port. @throws {PortUnavailable} when it cannot be bound */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new PortUnavailable(host, port, reasonOf(error), error);
  }
  return (server.address() as AddressInfo).port;
}

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return 'another program uses this port.';
  if (code === 'EACCES') return 'this user may not use this port.';
  return messageOf(error);
}

/** Returns the open connections of a server. */
export function trackSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
