/** Runs `work` repeatedly, `inFlight` at a time, until the time is up; returns how often it ran per second. */
export async function perSecond(
  options: { readonly inFlight: number; readonly seconds: number },
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  let done = 0;
  const startedAt = performance.now();
  const until = startedAt + options.seconds * 1_000;
  const worker = async () => {
    while (performance.now() < until) {
      await work(next++);
      done++;
    }
  };
  await Promise.all(Array.from({ length: options.inFlight }, worker));
  return done / ((performance.now() - startedAt) / 1_000);
}

/** Runs `work` `total` times, `inFlight` at a time; returns the seconds it took. */
export async function secondsFor(
  total: number,
  inFlight: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const worker = async () => {
    while (next < total) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (performance.now() - startedAt) / 1_000;
}
