import { note, openCli, type ServerOptions } from '../cli.ts';
import { pathPart } from '../http/answer.ts';
import type { TimelineEvent } from '../orders/order.ts';
import { visibleJson } from '../output/visible.ts';
import { Causes } from './causes.ts';
import { describeEvent } from './describe.ts';
import { liveMessages } from './live-messages.ts';

export interface FollowEvents extends ServerOptions {
  readonly type?: readonly string[];
  readonly order?: string;
}

/** Prints events as they happen, one in a line, until the user stops it. */
export async function followEvents(options: FollowEvents): Promise<void> {
  const { order, type: types } = options;
  const cli = openCli(options);
  const causes = new Causes();
  const path = order === undefined ? '/api/v1/orders/live' : `/api/v1/orders/${pathPart(order)}/live`;
  note(`Following ${order === undefined ? 'all orders' : `order ${order}`}; Ctrl+C stops it.`);
  // The reader of a pipe (`… | head`) has ended: no reader is left to print for.
  const stopping = new AbortController();
  process.stdout.once('error', () => stopping.abort());
  const { signal } = stopping;
  for await (const { data } of liveMessages(cli.client, path, { print: note, signal })) {
    const event = JSON.parse(data) as TimelineEvent;
    // Also of events that are not shown: they may be the cause of others.
    const cause = causes.of(event);
    if (types !== undefined && !types.includes(event.type)) continue;
    cli.printText(cli.isJson ? visibleJson(data) : describeEvent({ event, cause }, order !== undefined));
  }
}
