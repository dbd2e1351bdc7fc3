import { readFile } from 'node:fs/promises';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import type { EventStoreAddress } from '../../platform/config/event-store-url.ts';
import type { NodeAddress } from './gossip.ts';

/** The reason why no call succeeds although a server listens. */
export type TransportError =
  | { readonly kind: 'certificate not trusted'; readonly reason: string }
  | { readonly kind: 'speaks no TLS' }
  | { readonly kind: 'speaks TLS' };

const WITHIN_MS = 2000;
/** The start of HTTP/2 without TLS: the preface and empty settings. */
const PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);
const SETTINGS_FRAME = 4;

/**
 * Checks how a server answers a connection. Returns undefined when it is good, or when no server listens. The client
 * reports all these faults as `UNAVAILABLE` or as a failed discovery.
 */
export async function probeTransport(
  node: NodeAddress,
  { tls, options }: Pick<EventStoreAddress, 'tls' | 'options'>,
): Promise<TransportError | undefined> {
  if (!tls)
    return !(await speaksPlainHttp2(node)) && (await handshake(node)) !== undefined
      ? { kind: 'speaks TLS' }
      : undefined;
  const [ca, cert, key] = await Promise.all(
    (['tlsCAFile', 'userCertFile', 'userKeyFile'] as const).map(async (name) => {
      const path = options.get(name);
      return path === undefined ? undefined : readFile(path);
    }),
  );
  const result = await handshake(node, { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) });
  if (result !== undefined)
    return result.distrust === undefined
      ? undefined
      : { kind: 'certificate not trusted', reason: result.distrust };
  return (await speaksPlainHttp2(node)) ? { kind: 'speaks no TLS' } : undefined;
}

/** Undefined when the TLS handshake fails. */
async function handshake(
  { host, port }: NodeAddress,
  secrets: Pick<ConnectionOptions, 'ca' | 'cert' | 'key'> = {},
): Promise<{ readonly distrust: string | undefined } | undefined> {
  return new Promise((resolve) => {
    const fail = () => resolve(undefined);
    try {
      const socket = connectTls({
        ...secrets,
        host,
        port,
        ALPNProtocols: ['h2'],
        // Without this, the socket would end without the reason why the certificate is not trusted.
        rejectUnauthorized: false,
        ...(isIP(host) === 0 && { servername: host }),
      });
      failOnClose(socket, fail);
      socket.once('secureConnect', () => {
        resolve({ distrust: socket.authorized ? undefined : String(socket.authorizationError) });
        socket.destroy();
      });
    } catch (error) {
      // The CA file holds no certificate.
      resolve({ distrust: error instanceof Error ? error.message : String(error) });
    }
  });
}

async function speaksPlainHttp2({ host, port }: NodeAddress): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectPlain({ host, port });
    failOnClose(socket, () => resolve(false));
    socket.once('connect', () => socket.write(PREFACE));
    socket.once('data', (first) => {
      resolve(first.length > 3 && first[3] === SETTINGS_FRAME);
      socket.destroy();
    });
  });
}

function failOnClose(socket: Socket, fail: () => void): void {
  socket.setTimeout(WITHIN_MS, () => socket.destroy());
  socket.on('error', fail);
  socket.on('close', fail);
}
