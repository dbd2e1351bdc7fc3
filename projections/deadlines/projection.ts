import { fulfilmentEvents } from '../../domain/fulfilment/events.ts';
import type { Projection } from '../projection.ts';
import type { RecordedShopEvent, ShopEvent } from '../shop-event.ts';
import type { DeadlineDocument } from './document.ts';

const STREAMS = 'fulfilment-';
const eventTypes = fulfilmentEvents.map(({ type }) => type);

/**
 * The current deadline of each order's fulfilment. `DeadlineSet` sets it, and any other later event of the stream ends it,
 * with two exceptions: the end of an attempt changes nothing, and the answer to a recall ends only a wait for a recall.
 */
export const deadlinesProjection: Projection<DeadlineDocument, ShopEvent> = {
  name: 'deadlines',
  version: 2,
  indexes: [{ name: 'byKind', fields: ['current.waitingFor', 'current.due'], direction: 'ascending' }],

  eventTypes,

  touches: (recorded) => (recorded.stream.startsWith(STREAMS) ? [orderOf(recorded)] : []),

  evolve: (lookup, recorded) => {
    const orderId = orderOf(recorded);
    const { event } = recorded;
    if (event.type === 'DeadlineSet') {
      const { deadlineId, waitingFor, attempt, dueAt } = event.data;
      const setAt = recorded.at.toISOString();
      const current = { deadlineId, waitingFor, attempt, setAt, dueAt, due: Date.parse(dueAt) };
      return new Map([[orderId, { orderId, current }]]);
    }
    if (event.type === 'AttemptEnded') return new Map();
    const current = lookup(orderId)?.current;
    if (event.type === 'FulfilmentRecalled' && current?.waitingFor !== 'recall') return new Map();
    return current === undefined ? new Map() : new Map([[orderId, { orderId }]]);
  },
};

const orderOf = ({ stream }: RecordedShopEvent): string => stream.slice(STREAMS.length);
