import { setTimeout as sleep } from 'node:timers/promises';
import type { Killable } from '../../support/processes/killable-process.ts';
import type { Moments } from '../../support/random-choices.ts';

/** How often something is killed at its work in each leg; `npm run test:kill` asks for more. */
export const KILLS = Number(process.env.KILLS ?? 4);

/** A part of them; all parts of a leg together are all of them but for rounding. */
export const partOf = (share: number): number => Math.round(KILLS * share);

export interface Victim {
  readonly process: Killable;
  /** How often it is killed at its work. */
  readonly kills: number;
  /** Resolves when it is at its work: the moment of its death comes within this after it. */
  readonly atWork: () => Promise<void>;
  readonly withinMs: number;
}

/** Before one in so many kills it is killed while it starts, too; the first time, when it runs already, at any moment. */
const EVERY_SO_MANY_WHILE_STARTING = 5;
const STARTING_MS = 600;

/** Kills each victim over and over, each at moments of its own, and starts it again at once; resolves when all are ready again. */
export async function kill(
  victims: readonly Victim[],
  momentsOf: (purpose: string) => Moments,
): Promise<void> {
  await Promise.all(victims.map((victim) => killOne(victim, momentsOf(victim.process.name))));
}

async function killOne({ process, kills, atWork, withinMs }: Victim, moments: Moments): Promise<void> {
  for (let count = 0; count < kills; count += 1) {
    if (!process.isRunning) process.start();
    if (count % EVERY_SO_MANY_WHILE_STARTING === 0) await killAfter(moments.below(STARTING_MS), process);
    await atWork();
    await killAfter(moments.below(withinMs), process);
  }
  await process.ready();
}

async function killAfter(ms: number, process: Killable): Promise<void> {
  await sleep(ms);
  await process.kill();
  process.start();
}
