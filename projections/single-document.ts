import type { RecordedEvent } from '../event-store/codec/recorded-event.ts';
import type { Projection } from './projection.ts';
import type { RecordedShopEvent, ShopEvent } from './shop-event.ts';

export type EventType = ShopEvent['type'];
export type OfType<Type extends EventType> = Extract<ShopEvent, { type: Type }>;

/** Tells events of these types from all others. */
export const isOneOf = <Type extends EventType>(types: readonly Type[]) => {
  const known: ReadonlySet<string> = new Set(types);
  return (recorded: RecordedShopEvent): recorded is RecordedEvent<OfType<Type>> =>
    known.has(recorded.event.type);
};

/**
 * For models in which an event is about one document: `idOf` names it; `evolve` gives its next body, undefined when the
 * event changes nothing.
 */
export function singleDocument<Body, const Type extends EventType>(
  eventTypes: readonly Type[],
  idOf: (event: OfType<Type>) => string,
  evolve: (document: Body | undefined, recorded: RecordedEvent<OfType<Type>>) => Body | undefined,
): Pick<Projection<Body, ShopEvent>, 'eventTypes' | 'touches' | 'evolve'> {
  const isOurs = isOneOf(eventTypes);
  return {
    eventTypes,
    touches: (recorded) => (isOurs(recorded) ? [idOf(recorded.event)] : []),
    evolve: (lookup, recorded) => {
      if (!isOurs(recorded)) return new Map();
      const id = idOf(recorded.event);
      const next = evolve(lookup(id), recorded);
      return next === undefined ? new Map() : new Map([[id, next]]);
    },
  };
}
