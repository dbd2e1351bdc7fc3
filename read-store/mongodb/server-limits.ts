import type { Db } from 'mongodb';
import { translateErrors } from './translate-errors.ts';

/** Limits of the connected server. */
export interface ServerLimits {
  /** Maximum number of updates in one command. */
  readonly maxUpdates: number;
}

const MONGODB: ServerLimits = { maxUpdates: Number.POSITIVE_INFINITY };
/**
 * FerretDB 1 uses one of its hundred connections to SQLite for each update until the command ends: a command with more updates
 * blocks itself and all others forever. It also aborts a command at the first duplicate id.
 */
const FERRETDB_1: ServerLimits = { maxUpdates: 1 };

/** Returns the limits of the server. */
export async function detectLimits(db: Pick<Db, 'command'>): Promise<ServerLimits> {
  const { ferretdbVersion = '' } = await translateErrors(() => db.command({ buildInfo: 1 }));
  return /^v?1\./.test(String(ferretdbVersion)) ? FERRETDB_1 : MONGODB;
}
