import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStore } from '../event-store/event-store.ts';
import { settlesWithin } from '../platform/async/timeout.ts';
import { Unavailable } from '../platform/http/response/errors.ts';
import type { CustomersBody } from '../projections/customers/document.ts';
import { customersProjection } from '../projections/customers/projection.ts';
import { getCustomer } from '../projections/customers/queries.ts';
import type { OrderDocument } from '../projections/orders/document.ts';
import { ordersProjection } from '../projections/orders/projection.ts';
import { findOrders, type OrderFilter } from '../projections/orders/queries.ts';
import type { SessionsBody } from '../projections/sessions/document.ts';
import { sessionsProjection } from '../projections/sessions/projection.ts';
import { findAllSessions } from '../projections/sessions/queries.ts';
import type { Position, ReadStore } from '../read-store/read-store.ts';
import type { PersonRecords } from '../write-side/accounts/account-parts.ts';

const WAIT_MS = 5_000;
const LOOK_EVERY_MS = 20;
const PAGE = 200;

interface PersonRecordsOptions {
  readonly store: Pick<EventStore, 'readAll'>;
  /** Opens the read store at the first use: other commands do not need it. */
  readonly readStore: () => Promise<ReadStore>;
}

/** Reads the records of a person from the read models. Methods throw `Unavailable` while these are away or behind. */
export function createPersonRecords(
  { store, readStore }: PersonRecordsOptions,
  waitMs = WAIT_MS,
): PersonRecords {
  /** Waits until a read model has every event with this prefix that is recorded by now. */
  const upToDate = async ({ name, definition, prefix }: Source): Promise<ReadStore> => {
    const opened = await openInTime(readStore);
    const checkpoint = () => opened.live(definition).then((documents) => documents.checkpoint());
    const wanted = await lastEvent(store, prefix, await checkpoint());
    const until = performance.now() + waitMs;
    while (wanted !== undefined && ((await checkpoint())?.commit ?? -1n) < wanted.commit) {
      if (performance.now() > until) throw new Unavailable(`the read model of ${name} is behind`);
      await sleep(LOOK_EVERY_MS);
    }
    return opened;
  };
  return {
    openOrders: async (customerId) => {
      const opened = await upToDate(ORDERS);
      const placed = await allOrders(opened, { customerId, status: 'placed' });
      // An order that is confirmed between the two reads is in both.
      const confirmed = await allOrders(opened, { customerId, status: 'confirmed' });
      return [...new Set([...placed, ...confirmed].map(({ orderId }) => orderId))];
    },
    everything: async (customerId) => {
      const opened = await upToDate(ORDERS);
      const customers = await opened.live<CustomersBody>(customersProjection);
      const sessions = await (await upToDate(SESSIONS)).live<SessionsBody>(sessionsProjection);
      return {
        orders: await allOrders(opened, { customerId }),
        customer: (await getCustomer(customers, customerId))?.body ?? null,
        sessions: (await findAllSessions(sessions, customerId)).map(
          ({ listedFor: _, ...session }) => session,
        ),
      };
    },
  };
}

/** A read model, and the prefix of the streams that it must have all events of. */
interface Source {
  readonly name: string;
  readonly definition: Parameters<ReadStore['live']>[0];
  readonly prefix: string;
}
const ORDERS: Source = { name: 'orders', definition: ordersProjection, prefix: 'order-' };
const SESSIONS: Source = { name: 'sessions', definition: sessionsProjection, prefix: 'session-' };

async function openInTime(readStore: () => Promise<ReadStore>): Promise<ReadStore> {
  const opening = readStore();
  if (await settlesWithin(opening, WAIT_MS)) return opening;
  throw new Unavailable('the read store does not respond');
}

/** Returns the position of the last event after a position in any stream with this prefix. */
async function lastEvent(
  store: Pick<EventStore, 'readAll'>,
  prefix: string,
  after: Position | undefined,
): Promise<Position | undefined> {
  let last: Position | undefined;
  for await (const { position } of store.readAll({ prefixes: [prefix], ...(after && { after }) }))
    last = position;
  return last;
}

async function allOrders(readStore: ReadStore, filter: OrderFilter): Promise<OrderDocument[]> {
  const documents = await readStore.live<OrderDocument>(ordersProjection);
  const orders: OrderDocument[] = [];
  let after: Awaited<ReturnType<typeof findOrders>>['after'];
  do {
    const page = await findOrders(documents, filter, { limit: PAGE, after });
    orders.push(...page.items.map(({ body }) => body));
    ({ after } = page);
  } while (after !== undefined);
  return orders;
}
