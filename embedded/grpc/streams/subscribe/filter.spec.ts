import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedNode, startEmbeddedNode } from '../../../node.ts';

const TOO_EXPENSIVE = '((?=a+b)a)*c';

describe('a filter by a regular expression', () => {
  let node: EmbeddedNode;
  let client: EventStoreDBClient;

  beforeAll(async () => {
    node = await startEmbeddedNode({ memory: true, port: 0 });
    client = EventStoreDBClient.connectionString(node.connectionString);
    await client.appendToStream('order-1', jsonEvent({ type: 'Placed', data: {} }));
    await client.appendToStream('a'.repeat(5_000), jsonEvent({ type: 'Long', data: {} }));
  });
  afterAll(async () => {
    await client.dispose();
    await node.stop();
  });

  /** Returns the error that ends a subscription. */
  const failureOf = (regex: string, fromPosition: 'start' | 'end' = 'start') =>
    new Promise<{ code?: number; message: string }>((resolve) => {
      client
        .subscribeToAll({ filter: streamNameFilter({ regex }), fromPosition })
        .on('error', resolve)
        .on('caughtUp', () => {
          if (fromPosition === 'end') {
            void client.appendToStream('a'.repeat(6_000), jsonEvent({ type: 'Long', data: {} }));
          }
        })
        .resume();
    });

  it('ends the subscription with an error that quotes an invalid expression', async () => {
    expect((await failureOf('([')).message).toContain(
      'The regular expression "([" is not valid: missing closing ]',
    );
  });

  it('ends the subscription with RESOURCE_EXHAUSTED if the expression is too large', async () => {
    expect(await failureOf('a{1000}'.repeat(20))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      message: expect.stringContaining('with repetitions expanded it has 20000 parts; the maximum is 10000'),
    });
  });

  it.each(['start', 'end'] as const)(
    'ends a subscription from the %s with RESOURCE_EXHAUSTED if the expression is too expensive for an event',
    async (from) => {
      expect(await failureOf(TOO_EXPENSIVE, from)).toMatchObject({
        code: status.RESOURCE_EXHAUSTED,
        message: expect.stringMatching(/is too expensive: a text of \d000 characters needs more than/),
      });
    },
  );

  it('with the default of the Python clients delivers all events except system events', async () => {
    const filter = streamNameFilter({ regex: '^(?!(\\$.+$|PersistentConfig\\d+$))' });
    for await (const { event } of client.subscribeToAll({ filter, fromPosition: 'start' })) {
      expect(event?.streamId).toBe('order-1');
      break;
    }
  });

  it.each([
    ['([', status.INVALID_ARGUMENT, 'The regular expression "([" is not valid: '],
    ['a{1000}'.repeat(20), status.RESOURCE_EXHAUSTED, 'is too expensive: '],
  ])(
    'rejects the creation of a group if the expression is invalid or too expensive: %s',
    async (regex, code, sentence) => {
      const created = client.createPersistentSubscriptionToAll(
        'shop',
        persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }),
        { filter: streamNameFilter({ regex }) },
      );
      await expect(created).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
    },
  );
});
