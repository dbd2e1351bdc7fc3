import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import grpc from '@grpc/grpc-js';
import { LINK_TYPE, revisionText, type StoredEvent } from '../../../storage/event.ts';
import type { EventLog } from '../../../storage/log.ts';
import type { ResponseStream } from '../../calls/response-stream.ts';
import { encodeReadEvent, type IdFormat } from '../../messages/encode-responses.ts';
import { GrpcError, invalid, streamDeleted } from '../../messages/errors.ts';
import { PageSize } from './page-size.ts';
import type { ReadAllPlan, ReadStreamPlan } from './read-plan.ts';

const unexpected = (result: string): GrpcError => new GrpcError(grpc.status.UNKNOWN, `Unexpected ${result}`);

/** Encodes an event, or the target of a link if links are resolved. */
export function encodeEvent(
  log: EventLog,
  event: StoredEvent,
  { resolveLinks, ids }: { resolveLinks: boolean; ids: IdFormat },
): Buffer {
  if (!resolveLinks || event.type !== LINK_TYPE) return encodeReadEvent({ event, link: undefined }, ids);
  const target = log.resolveLink(event);
  return encodeReadEvent({ event: target, link: target === event ? undefined : event }, ids);
}

/** Sends the events of one stream up to its end or the count. @throws {GrpcError} */
export async function readStream(
  log: EventLog,
  plan: ReadStreamPlan,
  responses: ResponseStream,
): Promise<void> {
  const { stream, forwards } = plan;
  if (plan.count === 0 || (forwards && plan.from === 'end')) throw unexpected('ReadStreamResult: Error');
  let from = plan.from === 'start' ? 0 : plan.from === 'end' ? Infinity : plan.from;
  let left = plan.count;
  const size = new PageSize();
  for (;;) {
    const limit = Math.min(size.current, left);
    const page = forwards
      ? log.readStreamForwards(stream, from, limit)
      : log.readStreamBackwards(stream, from, limit);
    if (page.status === 'deleted') throw streamDeleted(stream);
    if (page.status === 'missing') {
      responses.write(notFound(stream));
      return;
    }
    for (const event of page.events) responses.write(encodeEvent(log, event, plan));
    left -= page.events.length;
    if (page.next === undefined || left === 0) {
      if (plan.sendsLastRevision)
        responses.write(new streams.ReadResp().setLastStreamPosition(revisionText(page.last)));
      return;
    }
    from = page.next;
    size.adapt({ events: page.events, checked: page.events.length });
    await responses.drained();
    if (responses.isClosed) return;
  }
}

/** Sends the events of the whole log up to its end or the count. @throws {GrpcError} */
export async function readAll(log: EventLog, plan: ReadAllPlan, responses: ResponseStream): Promise<void> {
  // The real server never responds to this.
  if (plan.count === 0) throw invalid('A read of $all must ask for at least one event.');
  let from = startPosition(log, plan);
  let left = plan.count;
  const size = new PageSize();
  while (from !== undefined && left > 0 && !responses.isClosed) {
    const limit = plan.filter ? size.current : Math.min(size.current, left);
    const page = plan.forwards
      ? log.readAllForwards(from, limit, plan.filter?.matches)
      : log.readAllBackwards(from, limit, plan.filter?.matches);
    for (const event of page.events.slice(0, left)) responses.write(encodeEvent(log, event, plan));
    left -= page.events.length;
    if (page.atEnd) return;
    from = page.next;
    size.adapt({ events: page.events, checked: page.positions.length });
    await responses.drained();
    // Let other calls run when the filter matches no event.
    if (page.events.length === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Returns the exclusive position to start from, or undefined if the result is empty. Forwards, the requested position is
 * part of the result.
 * @throws {GrpcError} for a position between two events, and backwards for one past the end
 */
function startPosition(log: EventLog, { forwards, from }: ReadAllPlan): number | undefined {
  if (from === 'start') return forwards ? 0 : undefined;
  if (from === 'end') return forwards ? undefined : Infinity;
  if (forwards && from > log.lastPosition()) return undefined;
  if (!log.hasPosition(from)) throw unexpected('ReadAllResult: InvalidPosition');
  return forwards ? from - 1 : from;
}

function notFound(stream: string): streams.ReadResp {
  const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(stream));
  const message = new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier);
  return new streams.ReadResp().setStreamNotFound(message);
}
