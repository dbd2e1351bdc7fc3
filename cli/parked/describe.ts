/** A parked item, as the command API lists it. */
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
/** Returns a text in one line, cut at 120 characters: error messages may have many lines. */
const shorten = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 120);

/** Returns a line for each item, and a last line with their number. */
export function describeItems(items: readonly ParkedItem[]): string {
  if (items.length === 0) return 'nothing is parked';
  const lines = items.map((item) => {
    const status = item.status === 'parked' ? '' : ` (${item.status})`;
    return `${item.id}  ${item.at}  ${whatOf(item)} ${placeOf(item)}${status}  ${item.reason}: ${shorten(item.detail)}`;
  });
  return [...lines, `${items.length} parked`].join('\n');
}

/** Returns all fields of an item, one in a line. */
export function describeItem(item: ParkedItem): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['id', item.id],
    ['what', `${whatOf(item)} at ${placeOf(item)}`],
    ['order', item.orderId],
    ['parked by', item.group],
    ['parked', `${timesOf(item.times)}, first at ${item.firstAt}, last at ${item.at}`],
    ['status', item.status],
    ['reason', item.reason],
    ['detail', item.detail],
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(10)} ${value}`)
    .join('\n');
}
