import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What the way to the server does with what is sent over it. */
export type Way =
  | 'open'
  /** Requests arrive, answers get lost. */
  | 'no-answers'
  /** Requests arrive, answers are held back until they are released. */
  | 'answers-held'
  /** Nothing arrives, and nobody is told. */
  | 'deaf'
  /** Connections are refused. */
  | 'closed';

/** A TCP way to a server on this machine that goes wrong on demand. */
export interface FlakyProxy {
  readonly connectionString: string;
  way: Way;
  /** How often something was sent while the way was deaf. */
  readonly swallowed: () => number;
  /** Pieces of answers held back. */
  readonly held: () => number;
  /** Lets them go, and the way is open again. */
  readonly release: () => void;
  /** Cuts every connection there is. */
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
