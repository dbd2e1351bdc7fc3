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
  let abort = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    abort = () => resolve(undefined);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
