import { createConnection } from 'node:net';

/** Milliseconds to make a connection; the limit of the operating system would be minutes. */
export const CONNECT_WITHIN_MS = 3_000;

/** Returns whether a server accepts a connection at this address. */
export function tryToConnect({ hostname, port, protocol }: URL): Promise<boolean> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
    const end = (isConnected: boolean) => {
      socket.destroy();
      resolve(isConnected);
    };
    socket.setTimeout(CONNECT_WITHIN_MS, () => end(false));
    socket.once('error', () => end(false));
    socket.once('connect', () => end(true));
  });
}
