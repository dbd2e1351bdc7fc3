import { createParser } from 'eventsource-parser';
import { z } from 'zod';

/** A model has written everything up to a position. */
export interface Change {
  readonly model: string;
  readonly position: bigint;
}

const Message = z.object({ model: z.string(), position: z.string().regex(/^\d+$/).transform(BigInt) });

/** The address answers, but not with a feed. */
export class NoFeed extends Error {
  override readonly name = 'NoFeed';
  readonly url: string;

  constructor(url: string, what: string) {
    super(`${url} is no change feed: ${what}`);
    this.url = url;
  }
}

/**
 * Opens a change feed (server-sent events): resolves once it is there, then gives each change until it ends. Messages of
 * other kinds are passed over. Rejects, or throws on the way, when the connection fails, when nothing at all was heard
 * for `silenceMs` (`NoFeed`), or when `signal` aborts.
 */
export async function changesFrom(
  url: string,
  silenceMs: number,
  signal: AbortSignal,
): Promise<AsyncIterable<Change>> {
  const silent = new AbortController();
  const silence = setTimeout(
    () => silent.abort(new NoFeed(url, `nothing was heard for ${silenceMs} ms`)),
    silenceMs,
  );
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, silent.signal]),
      headers: { accept: 'text/event-stream' },
    });
    const type = response.headers.get('content-type') ?? 'nothing';
    if (response.ok && response.body !== null && type.startsWith('text/event-stream'))
      return readChanges(response.body, silence);
    await response.body?.cancel();
    throw new NoFeed(url, `it answers ${response.status} with ${type}`);
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
