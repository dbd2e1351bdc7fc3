import { randomUUID } from 'node:crypto';
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, defaultReadStore } from '../platform/config.ts';
import { embeddedPortOf } from './embedded-port.ts';

type Where = Pick<Config, 'dataDir' | 'eventStoreUrl'>;

/** In `DATA_DIR`, so that other commands find the read models of a system that keeps nothing; one system has the port. */
const folderOf = ({ dataDir, eventStoreUrl }: Where) =>
  join(dataDir, `memory-${embeddedPortOf(eventStoreUrl)}`);

/** A folder for read models whose events are kept in memory: of this run alone. */
export const newMemoryStore = (where: Where): string => join(folderOf(where), randomUUID());

/** Removes the folder; each process of the run does so at its end, for its parent may have been killed. */
export function removeMemoryStore(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  try {
    rmdirSync(dirname(folder));
  } catch {
    // Another run has begun, or another process was first.
  }
}

/** Removes what runs have left that a power cut ended. Only for who has the port. */
export function removeLeftMemoryStores(where: Where): void {
  for (const folder of memoryStores(where)) removeMemoryStore(folder);
}

/** The configuration with the read models of the system that runs there now: those of its run where it keeps nothing. */
export function ofRunningSystem(config: Config): Config {
  const [folder] = memoryStores(config);
  if (folder === undefined || config.readStoreUrl !== defaultReadStore(config.dataDir)) return config;
  return { ...config, readStoreUrl: `sqlite:${folder}` };
}

function memoryStores(where: Where): string[] {
  try {
    return readdirSync(folderOf(where)).map((name) => join(folderOf(where), name));
  } catch {
    return [];
  }
}
