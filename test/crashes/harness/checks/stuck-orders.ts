import type { EventStoreConnection } from '../../../../event-store/connect.ts';
import { call } from '../../../support/http.ts';
import type { TestEnvironment } from '../../../support/system.ts';

/** Orders that do not come to rest, with the parked items and the state of the subscription, which may be the cause. */
export class OrdersStuck extends Error {
  override readonly name = 'OrdersStuck';

  private constructor(orders: readonly object[], causes: object) {
    const details = { count: orders.length, first: orders.slice(0, 5), ...causes };
    super(`orders do not come to rest: ${JSON.stringify(details, bigintsAsText)}`);
  }

  /** Creates the error for these orders; reads the parked items and the fulfilment group's unacknowledged events. */
  static async of(
    orders: readonly object[],
    environment: TestEnvironment,
    store: EventStoreConnection,
  ): Promise<OrdersStuck> {
    const { commandUrl, token } = environment;
    const parked = await call('GET', `${commandUrl}/api/v1/parked`, { token: token('operator') });
    const group = await store.groupStatistics('fulfilment');
    return new OrdersStuck(orders, { parked: parked.body, group });
  }
}

const bigintsAsText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
