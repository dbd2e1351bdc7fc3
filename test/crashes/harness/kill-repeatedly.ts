import { setTimeout as sleep } from 'node:timers/promises';
import type { KillableProcess } from '../../support/processes/killable-process.ts';
import type { RandomChoices } from '../../support/random-choices.ts';

/** Number of kills in each test; `npm run test:kill` sets more. */
export const KILLS = Number(process.env.KILLS ?? 4);

/** Returns the part of all kills that one process of a test gets. */
export const shareOfKills = (share: number): number => Math.round(KILLS * share);

export interface KillTarget {
  readonly process: KillableProcess;
  /** Number of kills while the process works. */
  readonly kills: number;
  /** Resolves when the process works. */
  readonly untilWorking: () => Promise<void>;
  /** The kill comes at a random time within so many milliseconds after `untilWorking`. */
  readonly withinMs: number;
}

/** Each fifth kill while working is preceded by a kill during the start. */
const STARTS_KILLED_EVERY = 5;
const STARTING_MS = 600;

/** Kills each target repeatedly at random times and restarts it at once. Resolves when all targets are ready again. */
export async function killRepeatedly(
  targets: readonly KillTarget[],
  randomOf: (purpose: string) => RandomChoices,
): Promise<void> {
  await Promise.all(targets.map((target) => killOne(target, randomOf(target.process.name))));
}

async function killOne(
  { process, kills, untilWorking, withinMs }: KillTarget,
  random: RandomChoices,
): Promise<void> {
  for (let count = 0; count < kills; count += 1) {
    if (!process.isRunning) process.start();
    if (count % STARTS_KILLED_EVERY === 0) await killAfter(random.below(STARTING_MS), process);
    await untilWorking();
    await killAfter(random.below(withinMs), process);
  }
  await process.ready();
}

async function killAfter(ms: number, process: KillableProcess): Promise<void> {
  await sleep(ms);
  await process.kill();
  process.start();
}
