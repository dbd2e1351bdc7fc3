import { fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import type { Projection } from '../projection.ts';
import type { RecordedShopEvent, ShopEvent } from '../shop-event.ts';
import type { DeadlineDocument } from './document.ts';

const STREAMS = 'fulfilment-';
const eventTypes = fulfilmentEvents.map(({ type }) => type);

/**
 * The deadline that each order's fulfilment waits for. `DeadlineSet` sets it; any later event of the stream that is not
 * one ends it, but for the end of an attempt, which changes nothing here, and the answer to a recall, which ends only a wait for
 * one.
 */
export const deadlinesProjection: Projection<DeadlineDocument, ShopEvent> = {
  name: 'deadlines',
  version: 1,
  indexes: [{ name: 'byKind', fields: ['current.waitingFor', 'current.due'], direction: 'ascending' }],

  eventTypes,

  touches: (recorded) => (recorded.stream.startsWith(STREAMS) ? [orderOf(recorded)] : []),

  evolve: (lookup, recorded) => {
    const orderId = orderOf(recorded);
    const { event } = recorded;
    if (event.type === 'DeadlineSet') {
      const { deadlineId, waitingFor, attempt, dueAt } = event.data;
      const current = { deadlineId, waitingFor, attempt, dueAt, due: Date.parse(dueAt) };
      return new Map([[orderId, { orderId, current }]]);
    }
    if (event.type === 'AttemptEnded') return new Map();
    const current = lookup(orderId)?.current;
    if (event.type === 'FulfilmentRecalled' && current?.waitingFor !== 'recall') return new Map();
    return current === undefined ? new Map() : new Map([[orderId, { orderId }]]);
  },
};

const orderOf = ({ stream }: RecordedShopEvent): string => stream.slice(STREAMS.length);
