import type { EventStoreDBClient } from '@eventstore/db-client';
import { ClientSource } from '../connection/client-source.ts';
import { openTarget } from '../connection/open-target.ts';
import type { Target } from '../connection/target.ts';

/**
 * The client keeps one process-wide map of the appends in flight. When any of its append streams breaks, it forgets them
 * all, and an answer that comes later on another stream crashes the process. So a process has one client per address for
 * appends, however many stores are connected; and when one breaks, those for other addresses are replaced with it.
 */
const sources = new Map<string, SharedSource>();

interface SharedSource {
  readonly target: Target;
  readonly source: ClientSource;
  users: number;
}

export interface AppendClients {
  readonly source: ClientSource;
  /** Replaces a client whose stream broke, and every other client for appends in this process. */
  readonly renewAll: (failed: EventStoreDBClient) => void;
  readonly release: () => void;
}

export function appendClients(url: string): AppendClients {
  const shared = sources.get(url) ?? begin(url);
  sources.set(url, shared);
  shared.users += 1;
  let released = false;
  return {
    source: shared.source,
    renewAll: (failed) => {
      if (shared.source.renew(failed)) closeAll();
    },
    release: () => {
      if (released) return;
      released = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      sources.delete(url);
      shared.target.close();
      shared.source.close();
    },
  };
}

function begin(url: string): SharedSource {
  const target = openTarget(url);
  const source = new ClientSource(target);
  target.onMove(async (node) => {
    if (await source.leaveUnlessAt(node)) closeAll();
  });
  return { target, source, users: 0 };
}

/** Each creates a new client at its next use. */
function closeAll(): void {
  for (const { source } of sources.values()) source.close();
}
