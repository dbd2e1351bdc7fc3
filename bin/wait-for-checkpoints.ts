import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../read-store/read-store.ts';

/** A slow read store can take nearly a minute to write one batch, and the checkpoint moves only afterwards. */
const STALLED_AFTER_MS = 120_000;
const LOOK_EVERY_MS = 50;

/**
 * Waits until all checkpoints have reached a position. Returns true then; false when no checkpoint that is behind has moved
 * for `stalledAfterMs`.
 */
export async function waitForCheckpoints(
  checkpoints: () => Promise<readonly (Position | undefined)[]>,
  { commit }: Position,
  stalledAfterMs = STALLED_AFTER_MS,
): Promise<boolean> {
  let last: string | undefined;
  let movedAt = performance.now();
  for (;;) {
    const reached = (await checkpoints()).map((checkpoint) => checkpoint?.commit ?? -1n);
    const behind = reached.filter((each) => each < commit);
    if (behind.length === 0) return true;
    const now = behind.join();
    if (now !== last) movedAt = performance.now();
    else if (performance.now() - movedAt >= stalledAfterMs) return false;
    last = now;
    await sleep(LOOK_EVERY_MS);
  }
}
