import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type MongoClient, MongoNetworkError } from 'mongodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientFor } from '../../read-store/mongodb/client.ts';
import { watchHeartbeats } from '../../read-store/mongodb/heartbeats.ts';
import { until } from '../support/wait-until.ts';

const { TEST_MONGODB_URL = '' } = process.env;

/** The inside of the driver, which alone brings about at will what is else a matter of a millisecond. */
interface Inside {
  readonly topology: {
    readonly s: {
      readonly servers: ReadonlyMap<
        string,
        {
          readonly monitor: { readonly connection: { readonly socket: Socket } | null };
          handleError(error: Error): void;
        }
      >;
    };
  };
}

let client: MongoClient;
beforeEach(() => {
  client = clientFor(
    `${TEST_MONGODB_URL}?connectTimeoutMS=300&heartbeatFrequencyMS=500&serverSelectionTimeoutMS=500`,
  );
});
afterEach(() => client.close());

const ping = () =>
  client
    .db('heartbeats')
    .command({ ping: 1 })
    .then(
      () => 'answered',
      (error: Error) => error.name,
    );

/** The next heartbeat is written to a socket that takes nothing and fails at nothing; then the server is thought to be away. */
async function loseHeartbeat() {
  const beaten = once(client, 'serverHeartbeatSucceeded');
  await ping();
  const [server] = (client as unknown as Inside).topology.s.servers.values();
  await beaten;
  if (!server?.monitor.connection) throw new Error('the driver has no connection for heartbeats');
  server.monitor.connection.socket.write = () => false;
  await once(client, 'serverHeartbeatStarted');
  server.handleError(new MongoNetworkError('lost'));
}

it('a lost heartbeat is found out, and the server is known again', async () => {
  const warnings: string[] = [];
  const stop = watchHeartbeats(client, (message) => warnings.push(message));
  await loseHeartbeat();
  expect(await ping()).toBe('MongoServerSelectionError');
  await until('an answer after the loss', ping, (answer) => answer === 'answered');
  expect(warnings).toEqual([
    expect.stringMatching(/^a heartbeat of MongoDB at \S+ got lost: connecting anew$/),
  ]);
  stop();
});
