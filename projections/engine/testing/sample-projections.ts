import type { DomainEvent } from '../../../domain/kernel/event.ts';
import type { Projection } from '../../projection.ts';

/** Units received per product, and how often: an event that is folded twice, or never, shows. */
export interface Tally {
  readonly productId: string;
  readonly units: number;
  readonly times: number;
}

type Received = DomainEvent<'StockReceived', { readonly productId: string; readonly quantity: number }>;

const isReceived = (event: DomainEvent): event is Received => event.type === 'StockReceived';

export interface SampleOptions {
  readonly name?: string;
  readonly version?: number;
  /** Units that one received unit counts for. */
  readonly weight?: number;
  readonly indexes?: Projection['indexes'];
  /** `evolve` throws while this returns true. */
  readonly fails?: (quantity: number) => boolean;
  readonly eventTypes?: readonly string[];
}

export const tally = ({
  name = 'tally',
  version = 1,
  weight = 1,
  indexes = [{ name: 'byUnits', fields: ['units'], direction: 'descending' }],
  fails = () => false,
  eventTypes,
}: SampleOptions = {}): Projection<Tally> => ({
  name,
  version,
  indexes,
  ...(eventTypes === undefined ? {} : { eventTypes }),
  touches: ({ event }) => (isReceived(event) ? [event.data.productId] : []),
  evolve: (lookup, { event }) => {
    if (!isReceived(event)) return new Map();
    const { productId, quantity } = event.data;
    if (fails(quantity)) throw new RangeError(`no good: ${quantity}`);
    const { units, times } = lookup(productId) ?? { units: 0, times: 0 };
    return new Map([[productId, { productId, units: units + quantity * weight, times: times + 1 }]]);
  },
});

/** One document per event. */
export const ledger = (): Projection<{ readonly quantity: number }> => ({
  name: 'ledger',
  version: 1,
  growsOnly: true,
  indexes: [],
  touches: ({ event, position }) => (isReceived(event) ? [String(position.commit)] : []),
  evolve: (_, { event, position }) =>
    isReceived(event) ? new Map([[String(position.commit), { quantity: event.data.quantity }]]) : new Map(),
});
