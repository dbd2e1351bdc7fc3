import type { ParkingEvent } from '../../domain/parking/events.ts';
import type { RecordedEvent } from '../../event-store/codec/recorded-event.ts';
import { type DocumentHandler, defineProjection, type EventHandler } from '../define-projection.ts';
import { positionKey } from '../documents/position-key.ts';
import { withoutUndefined } from '../documents/without-undefined.ts';
import { ParkedDocument, type ParkedItem } from './document.ts';
import { keysOf } from './keys.ts';

/** The parked items of all process managers. */
export const parkedProjection = defineProjection({
  name: 'parked',
  version: 1,
  document: ParkedDocument,
  indexes: [{ name: 'byKey', fields: ['keys', 'position'], direction: 'ascending', multi: true }],
  on: {
    ItemParked: ofItem((before, { event, position }) => {
      const { itemId, subject, reason, detail, parkedAt } = event.data;
      const known = before?.item;
      const { group, kind, stream, ...place } = subject;
      const item: ParkedItem = {
        id: itemId,
        group,
        kind,
        stream,
        ...withoutUndefined(place),
        reason,
        detail,
        firstAt: known?.firstAt ?? parkedAt,
        at: parkedAt,
        times: (known?.times ?? 0) + 1,
        status: 'parked',
      };
      return { item, keys: keysOf(item), position: positionKey(position) };
    }),
    ParkedItemReplayRequested: ofItem((before) => withStatus(before, 'replaying')),
    ParkedItemResolved: ofItem(() => ({})),
    ParkedItemDiscarded: ofItem(() => ({})),
    ItemsReplayCancelled: {
      touches: ({ event }) => event.data.itemIds,
      evolve: (lookup, { event }) =>
        new Map(
          event.data.itemIds.flatMap((id) => {
            const next = withStatus(lookup(id), 'parked');
            return next === undefined ? [] : [[id, next] as const];
          }),
        ),
    },
  },
});

const withStatus = (
  document: ParkedDocument | undefined,
  status: ParkedItem['status'],
): ParkedDocument | undefined =>
  document?.item === undefined ? undefined : { ...document, item: { ...document.item, status } };

type ItemEvent = Extract<ParkingEvent, { readonly data: { readonly itemId: string } }>;

/** Returns the handler of an event that is about one item. */
function ofItem<Event extends ItemEvent>(
  change: DocumentHandler<ParkedDocument, Event>,
): EventHandler<ParkedDocument, Event> {
  return {
    touches: ({ event }) => [event.data.itemId],
    evolve: (lookup, recorded: RecordedEvent<Event>) => {
      const { itemId } = recorded.event.data;
      const next = change(lookup(itemId), recorded);
      return next === undefined ? new Map() : new Map([[itemId, next]]);
    },
  };
}
