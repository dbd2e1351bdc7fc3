import { z } from 'zod';
import { ParkedSubject, ParkReason } from '../../domain/parking/events.ts';
import type { ParkedItem } from '../../domain/parking/state.ts';
import { exampleOrder } from '../orders/existing-order.ts';

export const ItemId = z.string().regex(/^[0-9a-f]{24}$/, 'the id of a parked item is 24 hexadecimal digits');
export const ItemPath = z.strictObject({
  id: ItemId.meta({
    description: 'The id of the parked item, from the list.',
    example: '5f7c2d0a9b1e4c3d8f6a7b21',
  }),
});

const Reason = ParkReason.meta({
  description:
    'permanent-error: a retry cannot help; retries-exhausted: all retries failed; worker-crashed: the worker crashed at each attempt; call-refused: the other side keeps refusing the external call, such as a refund; exception: the provider or the carrier contradicted the record',
});
const Kind = ParkedSubject.shape.kind.meta({
  description:
    'event: it cannot be handled; deadline: a wait of an order whose calls fail; refund: the payment provider rejects it; exception: the provider or the carrier contradicted the record',
});

export const exampleItem = {
  id: '5f7c2d0a9b1e4c3d8f6a7b21',
  group: 'fulfilment',
  kind: 'event',
  stream: `order-${exampleOrder}`,
  revision: '0',
  type: 'OrderPlaced',
  orderId: exampleOrder,
  reason: 'retries-exhausted',
  detail: 'still failing after 10 retries: Error: the inventory did not answer',
  firstAt: '2026-01-31T11:00:00.000Z',
  at: '2026-01-31T12:00:00.000Z',
  times: 2,
  status: 'parked',
};

/** A parked item as it is listed. */
export const ParkedItemResponse = z
  .object({
    id: ItemId,
    ...ParkedSubject.shape,
    group: z.string().meta({ description: 'the process manager', example: 'fulfilment' }),
    kind: Kind,
    revision: z.string().regex(/^\d+$/).optional().meta({ description: 'of the event in its stream' }),
    type: z.string().optional().meta({
      description: 'type of the event, of the wait or of the exception',
      example: 'OrderPlaced',
    }),
    aboutMoney: z
      .literal(true)
      .optional()
      .meta({ description: 'money is owed or may have moved: it cannot be discarded' }),
    reason: Reason,
    detail: z.string().meta({ description: 'the error message, or what happened' }),
    firstAt: z.iso.datetime().meta({ description: 'when it was parked the first time' }),
    at: z.iso.datetime().meta({ description: 'when it was parked the last time' }),
    times: z.int().min(1).meta({ description: 'how often it was parked' }),
    status: z.enum(['parked', 'replaying']),
  })
  .meta({ id: 'ParkedItem', example: exampleItem });

export const parkedItemResponse = (item: ParkedItem) => ({
  id: item.itemId,
  ...item.subject,
  reason: item.reason,
  detail: item.detail,
  firstAt: item.firstParkedAt,
  at: item.lastParkedAt,
  times: item.times,
  status: item.status,
});

/** Selects parked items, in a query or in a body. */
export const filterFields = {
  reason: ParkReason.optional().meta({ description: 'Only items parked for this reason.' }),
  kind: ParkedSubject.shape.kind.optional().meta({ description: 'Only items of this kind.' }),
  orderId: z.string().min(1).max(200).optional().meta({ description: 'Only items of this order.' }),
};
