import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';

/** The baseline: the official client, appending single events. */
export interface BareClient {
  /** Appends one event of the size of an order line to one of 1,000 streams. */
  append(index: number): Promise<unknown>;
  close(): Promise<void>;
}

const STREAMS = 1_000;
const DATA = {
  productId: '22000A',
  orderId: '3f8c2a04-1d0e-5b1c-9c53-2f6f3f0a8f11',
  placedAt: '2010-12-01T08:26:00.000Z',
  quantity: 6,
};
const METADATA = {
  $correlationId: '3f8c2a04-1d0e-5b1c-9c53-2f6f3f0a8f11',
  $causationId: '9a0b6f1e-6f0e-4c39-8f43-0b7f6c1d2e3f',
  commandId: 'reserve-22000A',
  actor: { sub: 'fulfilment', role: 'system' },
  schemaVersion: 1,
};

export function bareClient(connectionString: string): BareClient {
  const client = EventStoreDBClient.connectionString(connectionString);
  const run = randomUUID();
  return {
    append: (index) =>
      client.appendToStream(
        `bench-${run}-${index % STREAMS}`,
        jsonEvent({ type: 'StockReserved', data: DATA, metadata: METADATA }),
      ),
    close: () => client.dispose(),
  };
}
