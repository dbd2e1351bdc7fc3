import { once } from 'node:events';

/**
 * What the work comes to; undefined as soon as the signal aborts: nobody waits for the work any more, however it ends. For
 * work that cannot be called off itself, such as a read that waits patiently for a store that is away.
 */
export async function unlessAborted<Result>(
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
