import { setTimeout as sleep } from 'node:timers/promises';
import type { Moments } from '../../../embedded/testing/moments.ts';
import type { Killable } from './killable.ts';

export interface Victim {
  readonly process: Killable;
  readonly kills: number;
  /** Resolves when it is at its work: the moment of its death comes within this after it. */
  readonly atWork: () => Promise<void>;
  readonly withinMs: number;
}

/** One in so many is killed while it starts. */
const WHILE_STARTING = 5;
const STARTING_MS = 800;

/**
 * Kills each victim over and over, each at moments of its own, and starts it again at once; resolves when all are at work
 * again.
 */
export async function kill(
  victims: readonly Victim[],
  momentsOf: (purpose: string) => Moments,
): Promise<void> {
  await Promise.all(victims.map((victim) => killOne(victim, momentsOf(victim.process.name))));
}

async function killOne({ process, kills, atWork, withinMs }: Victim, moments: Moments): Promise<void> {
  for (let count = 0; count < kills; count += 1) {
    const whileStarting = moments.below(WHILE_STARTING) === 0;
    if (!whileStarting) await atWork();
    await sleep(moments.below(whileStarting ? STARTING_MS : withinMs));
    await process.kill();
    process.start();
  }
  await atWork();
}
