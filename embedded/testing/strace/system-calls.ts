/** What a node did to its files and sockets, in the order in which it did it. */
export interface SystemCall {
  readonly kind: 'write-log' | 'sync-log' | 'write-socket';
  readonly content: string;
}

const LOG_FILE = /^\d+ +(\w+)\(\d+<[^>]*events\.db[^>]*>(.*)$/s;
const SOCKET = /^\d+ +(\w+)\(\d+<(?:socket|TCP)[^>]*>(.*)$/s;

/** Reads the output of `strace -f -y`: writes and syncs of the log's files, and writes to sockets. */
export function systemCallsIn(trace: string): SystemCall[] {
  return trace.split('\n').flatMap((line): SystemCall[] => {
    const [, onLog, logContent = ''] = LOG_FILE.exec(line) ?? [];
    if (onLog === 'fsync' || onLog === 'fdatasync') return [{ kind: 'sync-log', content: '' }];
    if (onLog !== undefined) return [{ kind: 'write-log', content: logContent }];
    const [, onSocket, content = ''] = SOCKET.exec(line) ?? [];
    return onSocket === undefined ? [] : [{ kind: 'write-socket', content }];
  });
}

/** Socket writes that were made while something written to the log was not synced. */
export function writesBeforeSync(calls: readonly SystemCall[]): SystemCall[] {
  let unsynced = false;
  return calls.filter(({ kind }) => {
    if (kind === 'write-log') unsynced = true;
    if (kind === 'sync-log') unsynced = false;
    return kind === 'write-socket' && unsynced;
  });
}

/** Where a text was first written to the log, first synced after that, and first sent; -1 for never. */
export function findCalls(calls: readonly SystemCall[], text: string) {
  const written = calls.findIndex(({ kind, content }) => kind === 'write-log' && content.includes(text));
  const synced = calls.findIndex(({ kind }, i) => i > written && kind === 'sync-log');
  const sent = calls.findIndex(({ kind, content }) => kind === 'write-socket' && content.includes(text));
  return { written, synced, sent };
}
