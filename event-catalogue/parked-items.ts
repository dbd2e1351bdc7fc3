import { createHash } from 'node:crypto';
import type { WaitKind } from '../domain/fulfilment/events.ts';
import { waits } from '../domain/fulfilment/waits.ts';
import type { ParkedSubject } from '../domain/parking/events.ts';
import { fulfilmentStream } from './streams.ts';

/** A parked item by its id and its subject. */
export interface ItemToPark {
  readonly itemId: string;
  readonly subject: ParkedSubject;
}

/** Returns the item of a subject. The same subject always has the same id: 24 hexadecimal digits. */
export function itemOf(subject: ParkedSubject): ItemToPark {
  const { group, kind, stream, revision, number, type } = subject;
  const name = JSON.stringify([group, kind, stream, revision ?? number ?? type ?? '']);
  return { itemId: createHash('sha256').update(name).digest('hex').slice(0, 24), subject };
}

const STREAM_OF_AN_ORDER = /^(?:order|payment|shipment)-(.+)$/;

/** Returns the item of an event that the process manager `group` cannot handle. */
export function eventItem(
  group: string,
  { stream, revision, type }: { readonly stream: string; readonly revision: bigint; readonly type: string },
): ItemToPark {
  const [, orderId] = STREAM_OF_AN_ORDER.exec(stream) ?? [];
  const subject = { group, kind: 'event', stream, revision: String(revision), type } as const;
  return itemOf(orderId === undefined ? subject : { ...subject, orderId });
}

/** Returns the item of a wait of an order. Its type is what the order waits for. */
export const waitItem = (orderId: string, waitingFor: WaitKind): ItemToPark =>
  itemOf({
    group: 'fulfilment',
    kind: waitingFor === 'refund' ? 'refund' : 'deadline',
    stream: fulfilmentStream(orderId),
    type: waitingFor,
    orderId,
    ...(waits[waitingFor].movesMoney && { aboutMoney: true }),
  });

/** Returns the item of the `number`-th exception of an order. */
export const exceptionItem = (orderId: string, kind: string, number: number): ItemToPark =>
  itemOf({
    group: 'fulfilment',
    kind: 'exception',
    stream: fulfilmentStream(orderId),
    type: kind,
    orderId,
    number,
  });
