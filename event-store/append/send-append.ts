import { type EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import type { ClientSource } from '../connection/client-source.ts';
import { isTimeout, neverSent, Unanswered } from '../connection/failures.ts';
import { type AppendLimits, diskFaultIn, finalWordIn, type SendAppend } from '../connection/tried.ts';
import type { AppendClients } from './append-clients.ts';

const utf8 = new TextEncoder();

/**
 * The client sends a deadline by its own clock, and the server rejects later appends. A client clock that is behind would
 * make every append late, so this deadline is far in the future. The server still gives up after its own limit of 2 s.
 */
const DEADLINE_MS = 365 * 24 * 3600 * 1000;

/**
 * One try through the client, with a timeout of our own: its append stream has no deadline, and one that ends without an
 * error never answers. A client that broke, or that answers nobody any more, is replaced.
 */
export const sendThrough =
  ({ source, renewAll }: AppendClients, limits: AppendLimits): SendAppend =>
  async (stream, events, expected) => {
    const sentAt = performance.now();
    let client: EventStoreDBClient | undefined;
    try {
      client = source.current();
      const result = await unlessSilent(
        client.appendToStream(
          stream,
          events.map(({ id, type, data, metadata }) =>
            jsonEvent({
              id,
              type,
              data: JSON.parse(data),
              // As bytes it is sent as it stands; the client would take a detour by base64 with an object.
              metadata: utf8.encode(metadata),
            }),
          ),
          { expectedRevision: expected, deadline: DEADLINE_MS },
        ),
        { source, client, sentAt },
        limits,
      );
      source.answered(client);
      return { kind: 'written', revision: result.nextExpectedRevision, position: result.position };
    } catch (error) {
      const word = finalWordIn(error) ?? diskFaultIn(error);
      if (client === undefined) return { kind: 'unanswered', neverSent: true, reason: String(error) };
      if (word !== undefined) source.answered(client);
      else if (!isTimeout(error) || !source.answeredSince(client, sentAt)) renewAll(client);
      return word ?? { kind: 'unanswered', neverSent: neverSent(error), reason: String(error) };
    }
  };

interface Sent {
  readonly source: ClientSource;
  readonly client: EventStoreDBClient;
  /** In ms of `performance.now()`. */
  readonly sentAt: number;
}

/** A server that answers other calls is only slow; one that answers none may be gone. */
async function unlessSilent<Answer>(
  answer: Promise<Answer>,
  { source, client, sentAt }: Sent,
  { answerWithinMs, silentMs }: AppendLimits,
): Promise<Answer> {
  try {
    return await source.answerOf(client, answer, silentMs);
  } catch (error) {
    const moreMs = answerWithinMs - silentMs;
    if (!(error instanceof Unanswered) || moreMs <= 0 || !source.answeredSince(client, sentAt)) throw error;
    return source.answerOf(client, answer, moreMs);
  }
}
