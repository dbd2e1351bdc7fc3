import { createParser } from 'eventsource-parser';
import { z } from 'zod';

/** A model has written every event up to a position. */
export interface Change {
  readonly model: string;
  readonly position: bigint;
}

const Message = z.object({ model: z.string(), position: z.string().regex(/^\d+$/).transform(BigInt) });

/** The server at the URL is not a change feed, or it is silent. */
export class NoFeed extends Error {
  override readonly name = 'NoFeed';

  constructor(url: string, what: string) {
    super(`${url} is not a change feed: ${what}`);
  }
}

/**
 * Connects to a change feed (server-sent events). Resolves when it is connected, and yields each change until it ends. Skips
 * other messages. Rejects or throws when the connection fails, after `silenceMs` without data (`NoFeed`), and when
 * `signal` aborts.
 */
export async function changesFrom(
  url: string,
  silenceMs: number,
  signal: AbortSignal,
): Promise<AsyncIterable<Change>> {
  const silent = new AbortController();
  const silence = setTimeout(() => silent.abort(new NoFeed(url, `silent for ${silenceMs} ms`)), silenceMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, silent.signal]),
      headers: { accept: 'text/event-stream' },
    });
    const type = response.headers.get('content-type') ?? 'nothing';
    if (response.ok && response.body !== null && type.startsWith('text/event-stream'))
      return readChanges(response.body, silence);
    await response.body?.cancel();
    throw new NoFeed(url, `it responds with ${response.status} and ${type}`);
  } catch (error) {
    clearTimeout(silence);
    throw error;
  }
}

async function* readChanges(body: AsyncIterable<Uint8Array>, silence: NodeJS.Timeout): AsyncIterable<Change> {
  const decoder = new TextDecoder();
  let changes: Change[] = [];
  const parser = createParser({
    onEvent: ({ data }) => {
      const change = Message.safeParse(jsonOf(data));
      if (change.success) changes.push(change.data);
    },
  });
  try {
    for await (const bytes of body) {
      silence.refresh();
      parser.feed(decoder.decode(bytes, { stream: true }));
      yield* changes;
      changes = [];
    }
  } finally {
    clearTimeout(silence);
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
