import type { Db } from 'mongodb';
import { translateErrors } from './translate-errors.ts';

/** What the server at the other end can take. */
export interface Server {
  /** Updates in one command. */
  readonly updates: number;
}

const MONGODB: Server = { updates: Number.POSITIVE_INFINITY };
/**
 * FerretDB 1 keeps one of its hundred connections to SQLite for each update until the command ends, so that a command of
 * more waits for itself for ever, and everybody else with it. It also ends a command at the first fence that holds.
 */
const FERRETDB_1: Server = { updates: 1 };

/** Asks the server what it is. */
export async function detectServer(db: Pick<Db, 'command'>): Promise<Server> {
  const { ferretdbVersion = '' } = await translateErrors(() => db.command({ buildInfo: 1 }));
  return /^v?1\./.test(String(ferretdbVersion)) ? FERRETDB_1 : MONGODB;
}
