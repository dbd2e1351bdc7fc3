import { EventStoreDBClient, jsonEvent, WrongExpectedVersionError } from '@eventstore/db-client';
import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import { inventoryDecider } from '../../domain/inventory/decider.ts';
import type { InventoryEvent } from '../../domain/inventory/events.ts';
import { orderId, productId } from '../../domain/kernel/ids.ts';
import { catalogue } from '../../event-catalogue/catalogue.ts';
import { inventoryStream } from '../../event-catalogue/streams.ts';
import { connectEventStore } from '../../event-store/connect.ts';
import { perSecond } from '../harness/concurrent-work.ts';
import { measureInPairs } from '../harness/paired-runs.ts';
import { STOCK_FOR_ALL } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';

const IN_FLIGHT = 64;
const PAIRS = 3;
const { decide, evolve, initialState } = inventoryDecider;

const reserve = (product: string, index: number) =>
  ({
    type: 'ReserveStock',
    productId: productId(product),
    orderId: orderId(`order-${index}`),
    orderPosition: String(1_000 + index),
    quantity: 1,
  }) as const;

/** Measures reservations of one product against a plain handler; each round on a new stream with one receipt. */
export const measureReservations = (seconds: number): Promise<Row[]> =>
  withSystem(['eventstore'], async ({ env }) => {
    const url = env.EVENTSTORE_URL ?? '';
    const client = EventStoreDBClient.connectionString(url);
    const store = connectEventStore({ catalogue, url });
    const handler = createCommandHandler({ store, snapshots: store.snapshots });
    let round = 0;
    const onNewStream = async (
      work: (product: string, index: number) => Promise<unknown>,
      forSeconds: number,
    ) => {
      const product = `HOT-${round++}`;
      const data = { productId: product, quantity: STOCK_FOR_ALL };
      const actor = { sub: 'olivia', role: 'operator' };
      const metadata = {
        $correlationId: product,
        $causationId: product,
        commandId: product,
        actor,
        schemaVersion: 1,
      };
      await client.appendToStream(
        inventoryStream(product),
        jsonEvent({ type: 'StockReceived', data, metadata }),
      );
      return perSecond({ inFlight: IN_FLIGHT, seconds: forSeconds }, (index) => work(product, index));
    };
    const plain = (product: string, index: number) => reservePlainly(client, product, index);
    const ours = (product: string, index: number) =>
      handler.handle({
        stream: inventoryStream(product),
        decider: inventoryDecider,
        command: reserve(product, index),
        context: {
          commandId: `fulfilment:order-${index}:reserve-stock:${product}`,
          correlationId: `order-${index}`,
          causationId: '9a0b6f1e-6f0e-4c39-8f43-0b7f6c1d2e3f',
          actor: { sub: 'fulfilment', role: 'system' },
        },
      });
    for (const handle of [ours, plain]) await onNewStream(handle, seconds);
    const pair = await measureInPairs(
      PAIRS,
      () => onNewStream(ours, seconds),
      () => onNewStream(plain, seconds),
    );
    await Promise.all([client.dispose(), store.close()]);
    return [
      {
        what: `reservations of one product, plain handler, ${IN_FLIGHT} in flight`,
        measured: pair.theirs,
        ratio: 1,
      },
      {
        what: 'reservations of one product, command handler',
        measured: pair.ours,
        ratio: pair.ratio,
        target: '≥ 50',
      },
    ];
  });

/** Reads the whole stream, decides, appends with the revision it read, and retries at once on conflict. */
async function reservePlainly(client: EventStoreDBClient, product: string, index: number): Promise<void> {
  const stream = inventoryStream(product);
  for (;;) {
    let state = initialState;
    let expectedRevision = 0n;
    for await (const { event } of client.readStream(stream)) {
      if (event === undefined) continue;
      state = evolve(state, event as unknown as InventoryEvent);
      expectedRevision = event.revision;
    }
    const events = decide(reserve(product, index), state).map(({ type, data }) => jsonEvent({ type, data }));
    try {
      await client.appendToStream(stream, events, { expectedRevision });
      return;
    } catch (error) {
      if (!(error instanceof WrongExpectedVersionError)) throw error;
    }
  }
}
