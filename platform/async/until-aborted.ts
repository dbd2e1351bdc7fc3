import { once } from 'node:events';

/**
 * Resolves or rejects like `work`; resolves to undefined as soon as the signal aborts. The work itself goes on, and its
 * result is dropped: for work that takes no signal, such as a read that waits for an unavailable store.
 */
export async function untilAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal,
): Promise<Result | undefined> {
  work.catch(() => {});
  if (signal.aborted) return undefined;
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    settled.abort();
  }
}
