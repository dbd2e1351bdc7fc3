/**
 * Resolves or rejects like `work`; rejects with `timeoutError()` after `ms`. The work itself goes on, and its result is
 * dropped. After a stall of this process, what has arrived meanwhile is read first: an answer in time is not taken for late.
 */
export async function withTimeout<Result>(
  work: Promise<Result>,
  ms: number,
  timeoutError: () => Error,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => setImmediate(() => reject(timeoutError())), ms);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

const settled = () => true;

/** Returns whether `work` resolves or rejects within `ms`. Never rejects. */
export const settlesWithin = (work: Promise<unknown>, ms: number): Promise<boolean> =>
  withTimeout(work.then(settled, settled), ms, () => new Error(`not settled within ${ms} ms`)).catch(
    () => false,
  );
