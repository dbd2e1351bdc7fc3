import { type System, startSystem } from '../../test/support/system.ts';

/** Runs a part on a system of its own, on the embedded node and SQLite, in a temporary folder unless the settings name one. */
export async function onSystem<T>(
  roles: readonly string[],
  work: (system: System) => Promise<T>,
  settings: NodeJS.ProcessEnv = {},
): Promise<T> {
  const system = await startSystem(settings, roles);
  try {
    return await work(system);
  } finally {
    await system.stop();
  }
}
