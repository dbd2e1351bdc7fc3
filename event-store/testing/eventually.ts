import { setTimeout as delay } from 'node:timers/promises';

/** Tries an assertion until it holds; fails with its last error after `withinMs`. */
export async function eventually(assertion: () => unknown, withinMs = 60_000): Promise<void> {
  const giveUpAt = performance.now() + withinMs;
  for (;;) {
    try {
      await assertion();
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await delay(5);
    }
  }
}
