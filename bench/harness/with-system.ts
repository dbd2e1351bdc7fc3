import { type System, startSystem } from '../../test/support/system.ts';

/** Runs work on a new system with the embedded node and SQLite, in a temporary folder unless the settings name one. */
export async function withSystem<T>(
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
