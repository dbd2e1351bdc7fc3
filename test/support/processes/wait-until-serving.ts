import { setTimeout as sleep } from 'node:timers/promises';
import type { RunningProgram } from './launch-program.ts';

const START_LIMIT_MS = 90_000;

export const isServing = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

/** Waits until all URLs answer. Throws with the program's output when it ends before, or after 90 s. */
export async function waitUntilServing(running: RunningProgram, urls: readonly string[]): Promise<void> {
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
