import type { EventStoreConnection } from '../../../../event-store/connect.ts';
import { call } from '../../../support/http.ts';
import type { Place } from '../../../support/system.ts';

/** Orders that nobody carries on with, and what may have kept everybody from it. */
export class StandStill extends Error {
  override readonly name = 'StandStill';

  private constructor(orders: readonly object[], around: object) {
    const told = { count: orders.length, first: orders.slice(0, 5), ...around };
    super(`orders do not come to rest: ${JSON.stringify(told, withPositions)}`);
  }

  /** Of these orders, with the steps that are parked and what the process managers' group has not got answered. */
  static async of(orders: readonly object[], place: Place, store: EventStoreConnection): Promise<StandStill> {
    const parked = await call('GET', `${place.commandUrl}/api/v1/parked`, { token: place.token('operator') });
    const group = await store.groupStatistics('fulfilment');
    return new StandStill(orders, { parked: parked.body, group });
  }
}

const withPositions = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
