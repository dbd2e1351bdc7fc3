import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import persistentService from '@eventstore/db-client/generated/persistent_grpc_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ChildNode, startChildNode } from './testing/child-node.ts';
import { connectionBytes, grpcMessages, http1Request } from './testing/hostile-input.ts';
import { killHard } from './testing/kill-hard.ts';
import { frame, type RawConnection, rawCall, rawConnection, responseStatusOf } from './testing/raw-grpc.ts';
import { codesIn, responseTo } from './testing/raw-socket.ts';

/** A property fails when a connection or a call has no end within this time. */
const TIMEOUT_MS = 60_000;

/** Ends at the first failure: a crashed node cannot run smaller examples. */
const rounds = (numRuns: number) => ({
  numRuns,
  seed: Number(process.env.HOSTILE_SEED ?? 1),
  endOnFailure: true,
  timeout: TIMEOUT_MS,
});

const methods = [streamsService.StreamsService, persistentService.PersistentSubscriptionsService].flatMap(
  (service) => Object.values(service).map(({ path }) => path),
);

describe('a node with random input', () => {
  let node: ChildNode;
  let client: EventStoreDBClient;
  let port: number;

  beforeAll(async () => {
    node = await startChildNode('--memory');
    port = Number(/:(\d+)\?/.exec(node.connectionString)?.[1]);
    client = EventStoreDBClient.connectionString(node.connectionString);
  });
  afterAll(async () => {
    await client.dispose();
    await killHard(node.child);
  });

  afterEach(async () => {
    expect((await fetch(`http://127.0.0.1:${port}/health/live?liveCode=200`)).status).toBe(200);
    const { success } = await client.appendToStream('afterwards', jsonEvent({ type: 'Served', data: {} }));
    expect(success).toBe(true);
  });

  it('closes a connection that sent random bytes, and never responds with a 5xx status', async () => {
    const property = fc.asyncProperty(connectionBytes, async (parts) => {
      for (const code of codesIn(await responseTo(port, ...parts))) expect(code).toBeLessThan(500);
    });
    await fc.assert(property, rounds(500));
  });

  it('never responds with a 5xx status to an HTTP/1.1 request', async () => {
    let responses = 0;
    const property = fc.asyncProperty(http1Request(port), async (request) => {
      const codes = codesIn(await responseTo(port, request));
      for (const code of codes) expect(code).toBeLessThan(500);
      responses += codes.length;
    });
    await fc.assert(property, rounds(500));
    expect(responses).toBeGreaterThan(300);
  });

  describe('on a gRPC connection', () => {
    let connection: RawConnection;

    beforeAll(async () => {
      connection = await rawConnection(port);
    });
    afterAll(() => connection.disconnect());

    it.for(methods)('responds with a status to random messages of %s', async (path) => {
      const property = fc.asyncProperty(grpcMessages, async (messages) => {
        const call = rawCall(connection.session, path);
        const status = responseStatusOf(call, path.endsWith('/Read'));
        call.end(Buffer.concat(messages.map((message) => frame(message))));
        expect(await status).toBeGreaterThanOrEqual(0);
      });
      await fc.assert(property, rounds(100));
    });
  });
});
