import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the proxy does with the data of its connections. */
export type Way =
  | 'open'
  /** Passes on requests and drops answers. */
  | 'no-answers'
  /** Passes on requests and holds answers until they are released. */
  | 'answers-held'
  /** Drops requests and keeps the connections open. */
  | 'deaf'
  /** Ends new connections at once. */
  | 'closed';

/** A TCP proxy to a server on this machine, with faults on demand. */
export interface FlakyProxy {
  readonly connectionString: string;
  way: Way;
  /** Number of pieces of data that were dropped in the mode `deaf`. */
  readonly swallowed: () => number;
  /** Number of held pieces of answers. */
  readonly held: () => number;
  /** Sends the held answers and passes on everything again. */
  readonly release: () => void;
  /** Ends all connections. */
  readonly cut: () => void;
  readonly stop: () => Promise<void>;
}

export async function startFlakyProxy(toPort: () => number): Promise<FlakyProxy> {
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let swallowed = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((near) => {
    keep(near);
    if (proxy.way === 'closed') {
      near.destroy();
      return;
    }
    const far = connect(toPort(), '127.0.0.1');
    keep(far);
    near.on('data', (chunk) => {
      if (proxy.way === 'deaf') swallowed += 1;
      else far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (proxy.way === 'open') near.write(chunk);
      if (proxy.way === 'answers-held') held.push(() => near.write(chunk));
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const proxy: FlakyProxy = {
    swallowed: () => swallowed,
    held: () => held.length,
    release: () => {
      proxy.way = 'open';
      for (const answer of held.splice(0)) answer();
    },
    connectionString: `esdb://127.0.0.1:${port}?tls=false`,
    way: 'open',
    cut,
    stop: async () => {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
