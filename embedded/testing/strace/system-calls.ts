/** A system call of a node on its log or a socket. */
export interface SystemCall {
  readonly kind: 'write-log' | 'sync-log' | 'write-socket';
  readonly content: string;
}

const LOG_FILE = /^\d+ +(\w+)\(\d+<[^>]*events\.db[^>]*>(.*)$/s;
const SOCKET = /^\d+ +(\w+)\(\d+<(?:socket|TCP)[^>]*>(.*)$/s;

/** Returns the writes and syncs of the log, and the writes to sockets, from the output of `strace -f -y`. */
export function systemCallsIn(trace: string): SystemCall[] {
  return trace.split('\n').flatMap((line): SystemCall[] => {
    const [, onLog, logContent = ''] = LOG_FILE.exec(line) ?? [];
    if (onLog === 'fsync' || onLog === 'fdatasync') return [{ kind: 'sync-log', content: '' }];
    if (onLog !== undefined) return [{ kind: 'write-log', content: logContent }];
    const [, onSocket, content = ''] = SOCKET.exec(line) ?? [];
    return onSocket === undefined ? [] : [{ kind: 'write-socket', content }];
  });
}

/** Returns the socket writes that were made while a write to the log was not synced. */
export function writesBeforeSync(calls: readonly SystemCall[]): SystemCall[] {
  let unsynced = false;
  return calls.filter(({ kind }) => {
    if (kind === 'write-log') unsynced = true;
    if (kind === 'sync-log') unsynced = false;
    return kind === 'write-socket' && unsynced;
  });
}

/** Returns the indexes of the first write of a text to the log, the next sync, and its first send; -1 for none. */
export function findCalls(calls: readonly SystemCall[], text: string) {
  const written = calls.findIndex(({ kind, content }) => kind === 'write-log' && content.includes(text));
  const synced = calls.findIndex(({ kind }, i) => i > written && kind === 'sync-log');
  const sent = calls.findIndex(({ kind, content }) => kind === 'write-socket' && content.includes(text));
  return { written, synced, sent };
}
