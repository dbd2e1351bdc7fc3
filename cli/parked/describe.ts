import { statusStyle } from '../output/styles.ts';
import { type Column, fields } from '../output/table.ts';
import { age } from '../output/times.ts';

/** A parked item, as the API lists it. */
export interface ParkedItem {
  readonly id: string;
  readonly group: string;
  readonly kind: string;
  readonly stream: string;
  readonly revision?: string;
  readonly type?: string;
  readonly orderId?: string;
  readonly reason: string;
  readonly detail: string;
  readonly firstAt: string;
  readonly at: string;
  readonly times: number;
  readonly status: string;
}

const placeOf = ({ stream, revision }: ParkedItem): string =>
  revision === undefined ? stream : `${stream}@${revision}`;
const whatOf = ({ kind, type }: ParkedItem): string =>
  kind === 'deadline' && type !== undefined ? `wait for ${type}` : (type ?? kind);
const timesOf = (times: number): string => (times === 1 ? 'once' : `${times} times`);

/** Columns of a list of parked items. */
export const parkedColumns: readonly Column<ParkedItem>[] = [
  { header: 'ID', value: ({ id }) => id },
  { header: 'AGE', value: ({ at }) => age(at), align: 'right' },
  { header: 'WHAT', value: (item) => `${whatOf(item)} ${placeOf(item)}`, shrinksTo: 20 },
  { header: 'STATUS', value: ({ status }) => status, style: ({ status }) => statusStyle(status) },
  // Error messages may have many lines.
  {
    header: 'REASON',
    value: ({ reason, detail }) => `${reason}: ${detail.replace(/\s+/g, ' ')}`,
    shrinksTo: 12,
  },
];

/** Returns all fields of an item. */
export const describeItem = (item: ParkedItem): string =>
  fields({
    id: item.id,
    what: `${whatOf(item)} at ${placeOf(item)}`,
    order: item.orderId,
    'parked by': item.group,
    parked: `${timesOf(item.times)}, first at ${item.firstAt}, last at ${item.at}`,
    status: item.status,
    reason: item.reason,
    detail: item.detail.replace(/\s+/g, ' '),
  });
