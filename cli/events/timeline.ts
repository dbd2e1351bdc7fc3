import { stringify } from 'lossless-json';
import { type Cli, note, openCli, type ServerOptions } from '../cli.ts';
import { pathPart } from '../http/answer.ts';
import type { Order, TimelineEvent } from '../orders/order.ts';
import { table } from '../output/table.ts';
import { visibleJson } from '../output/visible.ts';
import { Causes } from './causes.ts';
import { type CausedEvent, describeEvent, eventColumns } from './describe.ts';
import { liveMessages } from './live-messages.ts';

/** Nothing is left to do for an order after this event of its process manager. */
const LAST_EVENT = 'FulfilmentCompleted';

/** Prints all events of an order. */
export async function showTimeline(orderId: string, options: ServerOptions): Promise<void> {
  const cli = openCli(options);
  const items = await timelineOf(cli, orderId);
  const causes = new Causes();
  const rows = items.map((event): CausedEvent => ({ event, cause: causes.of(event) }));
  cli.printText(
    cli.isJson ? visibleJson(stringify({ items, next: null }) ?? '') : table(eventColumns(true), rows),
  );
}

/** Prints the events of an order as they happen, the earlier ones first, until the order is at rest. */
export async function watchOrder(orderId: string, options: ServerOptions): Promise<void> {
  const cli = openCli(options);
  const causes = new Causes();
  const seen = new Set<string>();
  const print = (event: TimelineEvent): boolean => {
    const place = `${event.stream}@${event.revision}`;
    if (!seen.has(place)) {
      seen.add(place);
      const cause = causes.of(event);
      cli.printText(cli.isJson ? visibleJson(JSON.stringify(event)) : describeEvent({ event, cause }, true));
    }
    return event.type === LAST_EVENT;
  };
  // Connected first: no event is missed between the timeline and the stream.
  const stopping = new AbortController();
  const path = `/api/v1/orders/${pathPart(orderId)}/live`;
  const live = liveMessages(cli.client, path, { print: note, signal: stopping.signal });
  const first = live.next();
  first.catch(() => {});
  try {
    const earlier = await timelineOf(cli, orderId);
    if (earlier.map(print).some((isLast) => isLast)) return;
    for (let message = await first; !message.done; message = await live.next())
      if (print(JSON.parse(message.value.data) as TimelineEvent)) return;
  } finally {
    stopping.abort();
    const { status } = (await cli.get(`/api/v1/orders/${pathPart(orderId)}`)).body as Order;
    note(`The order is ${status}.`);
  }
}

async function timelineOf(cli: Cli, orderId: string): Promise<TimelineEvent[]> {
  const found: TimelineEvent[] = [];
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const path = `/api/v1/orders/${pathPart(orderId)}/timeline`;
    const { items, next } = (await cli.get(path, { limit: 200, cursor })).body as {
      readonly items: readonly TimelineEvent[];
      readonly next: string | null;
    };
    found.push(...items);
    cursor = next;
  }
  return found;
}
