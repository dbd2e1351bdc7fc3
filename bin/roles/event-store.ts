import { startEmbeddedNode } from '../../embedded/node.ts';
import type { Running } from './running.ts';

export interface EventStoreRole {
  readonly port: number;
  readonly folder: string;
  /** Keeps nothing; the folder is not touched. */
  readonly memory: boolean;
}

/** The embedded node. Throws `LogUnavailable` and `PortUnavailable`. */
export async function startEventStore({ port, folder, memory }: EventStoreRole): Promise<Running> {
  const node = await startEmbeddedNode(memory ? { memory, port } : { dataDir: folder, port });
  return { addresses: { 'event store': node.connectionString }, stop: () => node.stop() };
}
