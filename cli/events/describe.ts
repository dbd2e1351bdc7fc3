import type { TimelineEvent } from '../orders/order.ts';
import { type Amount, describeAmount } from '../output/amounts.ts';
import type { Style } from '../output/styles.ts';
import { type Column, table } from '../output/table.ts';
import { timeOfDay } from '../output/times.ts';

/** An event and the type of the event that caused it. */
export interface CausedEvent {
  readonly event: TimelineEvent;
  readonly cause: string | undefined;
}

const STYLES: Readonly<Record<string, Style>> = {
  order: 'green',
  inventory: 'cyan',
  payment: 'yellow',
  shipment: 'blue',
  fulfilment: 'dim',
};
const BAD =
  /Rejected|Refused|Declined|Failed|Short|Unpaid|Cancelled|Contradicted|Exception|Parked|Questioned/;

/** Returns the colour of an event: red for a failure, else by its stream. */
const styleOf = ({ type, stream }: TimelineEvent): Style | undefined =>
  BAD.test(type) ? 'red' : STYLES[stream.slice(0, stream.indexOf('-'))];

const SHORT = 8;
/** Order ids begin with their time, so that the ends of two ids differ most. */
const shortened = (orderId: string): string =>
  orderId.length <= SHORT ? orderId : `…${orderId.slice(-SHORT)}`;

/** Width of most types, so that the columns of single lines stand below each other. */
const TYPE_WIDTH = 23;

/** Columns of events. `ofOneOrder` leaves the order out. */
export const eventColumns = (ofOneOrder: boolean): readonly Column<CausedEvent>[] => [
  { header: 'TIME', value: ({ event }) => timeOfDay(event.at), style: () => 'dim' },
  ...(ofOneOrder
    ? []
    : [{ header: 'ORDER', value: ({ event }: CausedEvent) => shortened(event.orderId ?? '') }]),
  {
    header: 'EVENT',
    value: ({ event }) => event.type.padEnd(TYPE_WIDTH),
    style: ({ event }) => styleOf(event),
  },
  { header: 'DETAILS', value: ({ event }) => detailsOf(event), shrinksTo: 6 },
  { header: 'CAUSE', value: ({ cause }) => `← ${cause ?? 'command'}`, style: () => 'dim', shrinksTo: 20 },
];

/** Returns one line for an event. */
export const describeEvent = (event: CausedEvent, ofOneOrder: boolean): string =>
  table(eventColumns(ofOneOrder), [event], { header: false });

/** Returns the facts that tell events of one type apart: product, money, parcel, reason. */
function detailsOf({ data, stream }: TimelineEvent): string {
  const { productId, quantity, total, amount, lines, carrier, trackingNumber, reason, waitingFor, dueAt } =
    data as {
      readonly [name: string]: unknown;
    };
  const parts = [
    typeof productId === 'string' && `${typeof quantity === 'number' ? `${quantity} × ` : ''}${productId}`,
    isAmount(total ?? amount) && describeAmount((total ?? amount) as Amount),
    Array.isArray(lines) &&
      stream.startsWith('order-') &&
      `${lines.length} lines`.replace(/^1 lines/, '1 line'),
    typeof carrier === 'string' && carrier,
    typeof trackingNumber === 'string' && trackingNumber,
    typeof waitingFor === 'string' && `of ${waitingFor}`,
    typeof dueAt === 'string' && `at ${timeOfDay(dueAt)}`,
    typeof reason === 'string' && reason,
  ];
  return parts.filter((part) => typeof part === 'string').join(', ');
}

const isAmount = (value: unknown): value is Amount =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
