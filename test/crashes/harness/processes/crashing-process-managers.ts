import { call } from '../../../support/http.ts';
import type { Fleet, SupervisedRole } from './fleet.ts';

/** Two supervised process-manager processes with a module that makes them crash. */
export interface CrashingProcessManagers {
  readonly processes: readonly SupervisedRole[];
  /** Number of crashes of both processes so far. */
  crashes(): number;
}

/** Starts all roles of a fleet; the process managers load the crashing module. Resolves when all are ready. */
export async function startCrashingProcessManagers(
  fleet: Fleet,
  crashingModule: URL,
  settings: NodeJS.ProcessEnv = {},
): Promise<CrashingProcessManagers> {
  for (const role of ['eventstore', 'write-side', 'projections', 'read-api']) fleet.start(role);
  const env = { NODE_OPTIONS: `--import=${crashingModule.href}`, ...settings };
  const processes = ['process managers 1', 'process managers 2'].map((name) =>
    fleet.startSupervised('process-managers', name, env),
  );
  await fleet.ready();
  return { processes, crashes: () => processes.reduce((sum, { crashes }) => sum + crashes, 0) };
}

/** Kills the crashing processes and starts one process without the crashing module. */
export async function replaceByHealthyProcess(
  fleet: Fleet,
  managers: CrashingProcessManagers,
): Promise<void> {
  for (const { process } of managers.processes) await process.kill();
  fleet.start('process-managers');
}

/** Returns the items that are parked now, as the command API lists them. */
export async function parkedItems({ environment }: Fleet): Promise<
  // biome-ignore lint/suspicious/noExplicitAny: a test says which fields it expects
  any[]
> {
  const { commandUrl, token } = environment;
  const { body } = await call('GET', `${commandUrl}/api/v1/parked`, { token: token('operator') });
  return body.items;
}
