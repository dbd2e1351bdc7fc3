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

  it('that is not valid ends the subscription with an error that quotes it', async () => {
    expect((await failureOf('([')).message).toContain(
      'The regular expression "([" is not valid: missing closing ]',
    );
  });

  it('that is too large ends the subscription with another error than an invalid one', async () => {
    expect(await failureOf('a{1000}'.repeat(20))).toMatchObject({
      code: status.RESOURCE_EXHAUSTED,
      message: expect.stringContaining('its repetitions come to 20000 parts, of at most 10000'),
    });
  });

  it.each(['start', 'end'] as const)(
    'that is too expensive for an event ends the subscription from the %s with its own error',
    async (from) => {
      expect(await failureOf(TOO_EXPENSIVE, from)).toMatchObject({
        code: status.RESOURCE_EXHAUSTED,
        message: expect.stringMatching(/is too expensive: a text of \d000 characters takes more than/),
      });
    },
  );

  it('of the Python clients delivers all events except system events', async () => {
    const filter = streamNameFilter({ regex: '^(?!(\\$.+$|PersistentConfig\\d+$))' });
    for await (const { event } of client.subscribeToAll({ filter, fromPosition: 'start' })) {
      expect(event?.streamId).toBe('order-1');
      break;
    }
  });

  it.each([
    ['([', status.INVALID_ARGUMENT, 'The regular expression "([" is not valid: '],
    ['a{1000}'.repeat(20), status.RESOURCE_EXHAUSTED, 'is too expensive: '],
  ])('that is not valid or too expensive creates no group: %s', async (regex, code, sentence) => {
    const created = client.createPersistentSubscriptionToAll(
      'shop',
      persistentSubscriptionToAllSettingsFromDefaults({ startFrom: START }),
      { filter: streamNameFilter({ regex }) },
    );
    await expect(created).rejects.toMatchObject({ code, message: expect.stringContaining(sentence) });
  });
});
