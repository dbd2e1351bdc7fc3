import { setTimeout as sleep } from 'node:timers/promises';

/** Calls a function until its result passes the test, and returns it. Only the test's own timeout ends it otherwise. */
export async function eventually<T>(call: () => Promise<T> | T, test: (result: T) => boolean): Promise<T> {
  for (;;) {
    const result = await call();
    if (test(result)) return result;
    await sleep(10);
  }
}
