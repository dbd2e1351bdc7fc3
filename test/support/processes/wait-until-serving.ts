import { setTimeout as sleep } from 'node:timers/promises';
import type { Launched } from './launch-program.ts';

const START_LIMIT_MS = 90_000;

export const isServing = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** Rejects, with what it printed, when it ends instead, or takes too long. */
export async function untilServing(running: Launched, urls: readonly string[]): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (const url of urls) {
    while (!(await isServing(url))) {
      if (running.hasEnded() || Date.now() > deadline) {
        await running.killAll();
        throw new Error(`the system did not start:\n${running.output()}`);
      }
      await sleep(25);
    }
  }
}
