import { expect, it } from 'vitest';
import { startEmbeddedNode } from '../../embedded/node.ts';
import { registryOf } from '../catalogue.ts';
import { connectEventStore } from '../connect.ts';
import { AppendTooLarge } from '../errors.ts';
import type { NewEvent } from '../event-store.ts';
import { catalogue } from '../testing/sample-events.ts';
import { Codec } from './codec.ts';
import { appendBytes, maxAppendBytes } from './event-size.ts';

it.each([
  ['UnitsCounted', '{}', '{}', 28],
  ['Ä', '{"name":"é"}', '{}', 17],
  ['😀', '""', '', 6],
])('the size of an event %s with data %s and metadata %s is %i bytes', (type, data, metadata, bytes) => {
  expect(appendBytes(type, data, metadata)).toBe(bytes);
});

it('the event store client sends an append of exactly 1 MiB and rejects one byte more before sending it', async () => {
  const node = await startEmbeddedNode({ memory: true, port: 0 });
  const store = connectEventStore({ catalogue, url: node.connectionString });
  const received = (requestId: string): NewEvent => ({
    event: { type: 'UnitsCounted', data: { productId: '85123A', quantity: 1 } },
    metadata: {
      $correlationId: 'correlation',
      $causationId: 'cause',
      commandId: 'command',
      actor: { sub: 'olivia', role: 'operator' },
      requestId,
    },
  });
  const [empty] = new Codec(registryOf(catalogue)).encode('inventory-1', [received('')]);
  const room = 'x'.repeat(maxAppendBytes - (empty?.bytes ?? 0));

  await store.append('inventory-1', [received(room)], 'no_stream');
  const rejected = store.append('inventory-1', [received(`${room}x`)], 0n);

  await expect(rejected).rejects.toThrow(
    new AppendTooLarge('inventory-1', maxAppendBytes + 1, maxAppendBytes),
  );
  await store.close();
  await node.stop();
});
