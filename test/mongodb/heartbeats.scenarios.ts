import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type MongoClient, MongoNetworkError } from 'mongodb';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { watchHeartbeats } from '../../platform/mongodb/heartbeats.ts';
import { createClient } from '../../read-store/mongodb/client.ts';
import { waitUntil } from '../support/wait-until.ts';

const { TEST_MONGODB_URL = '' } = process.env;

/** Internals of the driver, to produce a race of a millisecond at will. */
interface DriverInternals {
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
  client = createClient(
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

/** Drops the next heartbeat without an error, then makes the driver regard the server as unavailable. */
async function loseHeartbeat() {
  const heartbeat = once(client, 'serverHeartbeatSucceeded');
  await ping();
  const [server] = (client as unknown as DriverInternals).topology.s.servers.values();
  await heartbeat;
  if (!server?.monitor.connection) throw new Error('the driver has no connection for heartbeats');
  server.monitor.connection.socket.write = () => false;
  await once(client, 'serverHeartbeatStarted');
  server.handleError(new MongoNetworkError('lost'));
}

it('the MongoDB client detects a lost heartbeat and reconnects to the server', async () => {
  const warnings: string[] = [];
  const stop = watchHeartbeats(client, (message) => warnings.push(message));
  await loseHeartbeat();
  expect(await ping()).toBe('MongoServerSelectionError');
  await waitUntil('the ping is answered after the loss', ping, (answer) => answer === 'answered');
  expect(warnings).toEqual([expect.stringMatching(/^a heartbeat of MongoDB at \S+ got lost: reconnecting$/)]);
  stop();
});
