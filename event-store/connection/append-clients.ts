import type { EventStoreDBClient } from '@eventstore/db-client';
import { ClientSource } from './client-source.ts';
import { openTarget } from './open-target.ts';
import type { Target } from './target.ts';

/**
 * The client keeps one process-wide map of the appends in flight. When one of its append streams breaks, it forgets all of
 * them, and a late answer on another stream crashes the process. So a process has one client for appends per URL. When one
 * of these clients fails, all are replaced.
 */
const sharedSources = new Map<string, SharedSource>();

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

export function openAppendClients(url: string): AppendClients {
  const shared = sharedSources.get(url) ?? openShared(url);
  sharedSources.set(url, shared);
  shared.users += 1;
  let isReleased = false;
  return {
    source: shared.source,
    renewAll: (failed) => {
      if (shared.source.renew(failed)) closeAll();
    },
    release: () => {
      if (isReleased) return;
      isReleased = true;
      shared.users -= 1;
      if (shared.users > 0) return;
      sharedSources.delete(url);
      shared.target.close();
      shared.source.close();
    },
  };
}

function openShared(url: string): SharedSource {
  const target = openTarget(url);
  const source = new ClientSource(target);
  target.onMove(async (node) => {
    if (await source.leaveUnlessAt(node)) closeAll();
  });
  return { target, source, users: 0 };
}

/** Each source creates a new client at its next use. */
function closeAll(): void {
  for (const { source } of sharedSources.values()) source.close();
}
