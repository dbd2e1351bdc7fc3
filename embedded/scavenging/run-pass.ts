import { setTimeout as sleep } from 'node:timers/promises';
import type { Scavenge } from '../storage/log.ts';

/** Pause after a step as a multiple of its duration, so that appends and reads are not delayed. */
const PAUSE_PER_WORK = 3;
const MAX_PAUSE_MS = 100;

/** Runs a pass with pauses between its steps until the signal aborts; returns whether it reached its end. */
export async function runPass(pass: Scavenge, minPauseMs: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const startedAt = performance.now();
    if (!pass.step()) return true;
    const pauseMs = Math.min((performance.now() - startedAt) * PAUSE_PER_WORK, MAX_PAUSE_MS);
    // An abort rejects the pause and ends the loop.
    await sleep(Math.max(pauseMs, minPauseMs), undefined, { signal }).catch(() => {});
  }
  return false;
}
