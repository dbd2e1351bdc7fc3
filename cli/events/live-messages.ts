import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { CommandFailed, exitCodes } from '../errors.ts';
import type { ServerClient } from '../http/server-client.ts';

export interface LiveMessage {
  /** Resumes after this message. */
  readonly id: string;
  readonly data: string;
}

export interface FollowOptions {
  /** Prints a message when the connection breaks, and when it is back. */
  readonly print: (text: string) => void;
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 10_000;

/**
 * Yields messages of a live stream, each once and in order. Connects again when the connection breaks, and resumes after the
 * last message. Throws `CommandFailed` when the first connection fails, and when the server rejects a later one.
 */
export async function* liveMessages(
  client: ServerClient,
  path: string,
  { print, signal }: FollowOptions,
): AsyncGenerator<LiveMessage> {
  let lastId: string | undefined;
  let hasConnected = false;
  let pauseMs = FIRST_PAUSE_MS;
  for (let isBroken = false; signal?.aborted !== true; isBroken = true) {
    try {
      const body = await client.stream(path, lastId === undefined ? {} : { 'Last-Event-ID': lastId }, signal);
      if (isBroken) print('Connected again.');
      hasConnected = true;
      pauseMs = FIRST_PAUSE_MS;
      for await (const { id, data } of messagesIn(body)) {
        if (id !== undefined) lastId = id;
        if (data !== '' && lastId !== undefined) yield { id: lastId, data };
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (!hasConnected || !isTemporary(error)) throw error;
    }
    if (signal?.aborted) return;
    if (!isBroken || pauseMs === FIRST_PAUSE_MS) print('The connection has ended: connecting again.');
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, signal && { signal }).catch(() => {});
    pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
  }
}

/** The server rejects the request for good, unless it is only unavailable. */
const isTemporary = (error: unknown): boolean =>
  !(error instanceof CommandFailed) || error.exitCode === exitCodes.unavailable;

/** Yields messages of server-sent events. A message without data only sets the id. Ends when the connection breaks. */
async function* messagesIn(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ readonly id: string | undefined; readonly data: string }> {
  const decoder = new TextDecoder();
  let found: { id: string | undefined; data: string }[] = [];
  const parser = createParser({ onEvent: ({ id, data }) => found.push({ id, data }) });
  try {
    for await (const bytes of body) {
      parser.feed(decoder.decode(bytes, { stream: true }));
      yield* found;
      found = [];
    }
  } catch {
    // The connection broke; the caller connects again.
  }
}
