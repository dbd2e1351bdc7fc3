import { setTimeout as sleep } from 'node:timers/promises';
import type { Scavenge } from '../storage/log.ts';

/** Pause after a step as a multiple of its duration, so that appends and reads are not delayed. */
const PAUSE_PER_WORK = 3;
const MIN_PAUSE_MS = 2;
const MAX_PAUSE_MS = 100;

/** Runs a pass with pauses between its steps; returns whether it reached its end. */
export async function runPass(pass: Scavenge, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    if (signal.aborted) return false;
    const startedAt = performance.now();
    if (!pass.step()) return true;
    const pause = (performance.now() - startedAt) * PAUSE_PER_WORK;
    await sleep(Math.min(Math.max(pause, MIN_PAUSE_MS), MAX_PAUSE_MS));
  }
}
