import type { Projection } from './projection.ts';
import type { RecordedShopEvent, ShopEvent } from './shop-event.ts';

/**
 * For models in which an event is about one document: `idOf` names it, undefined when the event is of no interest;
 * `evolve` gives its next body, undefined when the event changes nothing.
 */
export function singleDocument<Body>(
  idOf: (event: ShopEvent) => string | undefined,
  evolve: (document: Body | undefined, recorded: RecordedShopEvent) => Body | undefined,
): Pick<Projection<Body, ShopEvent>, 'touches' | 'evolve'> {
  return {
    touches: ({ event }) => {
      const id = idOf(event);
      return id === undefined ? [] : [id];
    },
    evolve: (lookup, recorded) => {
      const id = idOf(recorded.event);
      const next = id === undefined ? undefined : evolve(lookup(id), recorded);
      return id === undefined || next === undefined ? new Map() : new Map([[id, next]]);
    },
  };
}
