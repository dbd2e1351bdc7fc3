import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { type Ending, type NodeFront, startNodeFront } from './node-front.ts';

/** Adds TLS and users, like a real server, to an embedded node, which has neither. */
export interface TlsFront {
  readonly port: number;
  /** File of the CA that signed the certificate. */
  readonly caFile: string;
  /** URL with `ann`, who may do everything; `bob` may do nothing, and `carl` all but persistent subscriptions. */
  readonly password: string;
  readonly front: NodeFront;
  stop(): Promise<void>;
}

const PASSWORD = 'right: @/?#%';

/** Error of the real server for bad credentials or rights. */
const UNAUTHENTICATED: Ending = { status: 16, message: 'Unauthenticated' };
const DENIED: Ending = { status: 7, message: 'Access Denied', trailers: { exception: 'access-denied' } };

/** Starts the front with a certificate for this machine, or for other names. */
export async function startTlsFront(
  toPort: () => number,
  names: readonly string[] = ['localhost'],
): Promise<TlsFront> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'orderstream tests' }], {
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...(names.includes('localhost') ? [{ type: 7 as const, ip: '127.0.0.1' }] : []),
        ],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'orderstream-tls-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, cert);
  const front = await startNodeFront({
    toPort,
    tls: { key, cert },
    instead: (path, headers) => (isPublic(path) ? undefined : denialOf(path, headers)),
  });
  return {
    port: front.port,
    caFile,
    password: PASSWORD,
    front,
    stop: async () => {
      await front.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Calls that a server answers without credentials. */
const isPublic = (path: string): boolean => /ServerFeatures|Gossip/.test(path);

function denialOf(path: string, { authorization }: IncomingHttpHeaders): Ending | undefined {
  const given = /^Basic (.+)$/.exec(authorization ?? '')?.[1];
  if (given === undefined) return DENIED;
  const who = Buffer.from(given, 'base64').toString();
  if (who === `ann:${PASSWORD}`) return undefined;
  if (who === `carl:${PASSWORD}`) return path.includes('PersistentSubscriptions') ? DENIED : undefined;
  return who === `bob:${PASSWORD}` ? DENIED : UNAUTHENTICATED;
}
