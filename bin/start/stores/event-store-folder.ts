import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of the embedded event store. Earlier versions kept the log directly in the folder given by `--data`. */
export function eventStoreFolder(dataDir: string): string {
  const folder = join(dataDir, 'event-store');
  return !existsSync(folder) && existsSync(join(dataDir, 'events.db')) ? dataDir : folder;
}
