import { randomUUID } from 'node:crypto';
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Config, defaultKeyStore, defaultReadStore } from '../../../platform/config/config.ts';
import { embeddedPortOf } from './embedded-port.ts';

type Where = Pick<Config, 'dataDir' | 'eventStoreUrl'>;

/** File in `DATA_DIR` by which other commands find the temporary read models. The port identifies the system. */
const folderOf = ({ dataDir, eventStoreUrl }: Where) =>
  join(dataDir, `memory-${embeddedPortOf(eventStoreUrl)}`);

/** Creates a folder for the read models and keys of this run only. */
export const createMemoryStore = (where: Where): string => join(folderOf(where), randomUUID());

/** Returns the URLs of the stores in this folder. */
export const memoryStoreUrls = (folder: string) => ({
  readStoreUrl: `sqlite:${folder}`,
  keyStoreUrl: `sqlite:${join(folder, 'key-store')}`,
});

/** Removes the folder. Each process of the run does so at its end, since its parent may have been killed. */
export function removeMemoryStore(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  try {
    rmdirSync(dirname(folder));
  } catch {
    // Another run has begun, or another process has already removed the file.
  }
}

/** Removes folders of runs that ended without cleanup. Only the process that holds the port may call it. */
export function removeStaleMemoryStores(where: Where): void {
  for (const folder of memoryStores(where)) removeMemoryStore(folder);
}

/** Returns the configuration with the stores of the running system: with `--memory`, those in its temporary folder. */
export function configOfRunningSystem(config: Config): Config {
  const [folder] = memoryStores(config);
  const { dataDir, readStoreUrl, keyStoreUrl } = config;
  const isDefault = readStoreUrl === defaultReadStore(dataDir) && keyStoreUrl === defaultKeyStore(dataDir);
  return folder === undefined || !isDefault ? config : { ...config, ...memoryStoreUrls(folder) };
}

function memoryStores(where: Where): string[] {
  try {
    return readdirSync(folderOf(where)).map((name) => join(folderOf(where), name));
  } catch {
    return [];
  }
}
