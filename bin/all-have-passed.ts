import { setTimeout as sleep } from 'node:timers/promises';
import type { Position } from '../read-store/read-store.ts';

/** A slow read store can take nearly a minute to write one batch, and the checkpoint moves only after it. */
const STALLED_AFTER_MS = 120_000;
const LOOK_EVERY_MS = 50;

/**
 * Waits until all read models have passed a position, however long that takes while they move. Returns whether they have:
 * false when none of those behind has moved for `stalledAfterMs`.
 */
export async function allHavePassed(
  checkpoints: () => Promise<readonly (Position | undefined)[]>,
  { commit }: Position,
  stalledAfterMs = STALLED_AFTER_MS,
): Promise<boolean> {
  let seen: string | undefined;
  let movedAt = performance.now();
  for (;;) {
    const reached = (await checkpoints()).map((checkpoint) => checkpoint?.commit ?? -1n);
    const behind = reached.filter((each) => each < commit);
    if (behind.length === 0) return true;
    const now = behind.join();
    if (now !== seen) movedAt = performance.now();
    else if (performance.now() - movedAt >= stalledAfterMs) return false;
    seen = now;
    await sleep(LOOK_EVERY_MS);
  }
}
