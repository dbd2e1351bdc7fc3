/** What the promise comes to, or `late()` thrown after so many milliseconds. The work goes on, and nobody hears of it. */
export async function within<Result>(
  promise: Promise<Result>,
  ms: number,
  late: () => Error,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, expired]);
  } finally {
    clearTimeout(timer);
  }
}

const yes = () => true;

/** Whether the promise was kept or broken before so many milliseconds were over. */
export const endsWithin = (promise: Promise<unknown>, ms: number): Promise<boolean> =>
  within(promise.then(yes, yes), ms, () => new Error(`not within ${ms} ms`)).catch(() => false);
