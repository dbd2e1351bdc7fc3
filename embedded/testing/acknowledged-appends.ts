import type { EventStoreDBClient } from '@eventstore/db-client';
import type { BatchClient } from './batch-client.ts';

/** A sent append. Each of its events contains its index from 0 and the number of events. */
export interface SentAppend {
  readonly name: string;
  readonly stream: string;
  readonly size: number;
  /** The revision of its last event, after the node has acknowledged it. */
  revision?: number;
}

export interface StoredPart {
  readonly name: string;
  readonly index: number;
  readonly size: number;
}

/** Appends one to three events at a time until the node is killed. Each writer uses its own stream and a shared one. */
export async function appendUntilDisconnected(
  client: BatchClient,
  round: number,
  writers: number,
  acknowledged: (count: number) => void,
): Promise<SentAppend[]> {
  const sent: SentAppend[] = [];
  let count = 0;
  const write = async (writer: number) => {
    for (let i = 0; ; i++) {
      const stream = i % 4 === 0 ? 'shared' : `round-${round}-${writer}`;
      const append: SentAppend = { name: `${round}/${writer}/${i}`, stream, size: 1 + (i % 3) };
      sent.push(append);
      const filler = 'x'.repeat(i % 16 === 0 ? 8_000 : 100);
      const events = Array.from({ length: append.size }, (_, index) => partOf(append, index, filler));
      append.revision = await client.append(stream, events);
      count += 1;
      acknowledged(count);
    }
  };
  await Promise.allSettled(Array.from({ length: writers }, (_, writer) => write(writer)));
  return sent;
}

const partOf = ({ name, size }: SentAppend, index: number, filler: string) => ({
  type: 'Part',
  data: Buffer.from(JSON.stringify({ name, index, size, filler })),
});

/** Returns the faults of the stored events; empty if every acknowledged append is stored once, complete and in order. */
export async function faultsIn(client: EventStoreDBClient, sent: readonly SentAppend[]): Promise<string[]> {
  const faults: string[] = [];
  const streams = new Map<string, StoredPart[]>();
  let lastPosition = -1n;
  for await (const { event } of client.readAll()) {
    if (event?.type !== 'Part' || !event.isJson || event.position === undefined) continue;
    const parts = streams.get(event.streamId) ?? [];
    streams.set(event.streamId, parts);
    if (event.revision !== BigInt(parts.length)) faults.push(`gap: ${event.revision}@${event.streamId}`);
    if (event.position.commit <= lastPosition) faults.push(`position: ${event.revision}@${event.streamId}`);
    lastPosition = event.position.commit;
    parts.push(event.data as unknown as StoredPart);
  }
  for (const stream of new Set(sent.map((append) => append.stream))) {
    const parts = streams.get(stream);
    if (parts) faults.push(...(await indexFaults(client, stream, parts)));
  }
  for (const append of sent) faults.push(...appendFaults(append, streams.get(append.stream) ?? []));
  return faults;
}

/** Checks that a stream has the same events as the log, forwards and backwards. */
async function indexFaults(
  client: EventStoreDBClient,
  stream: string,
  parts: readonly StoredPart[],
): Promise<string[]> {
  const nameOf = ({ name, index }: StoredPart) => `${name}#${index}`;
  const read = async (direction: 'forwards' | 'backwards') => {
    const names: string[] = [];
    const fromRevision = direction === 'forwards' ? ('start' as const) : ('end' as const);
    for await (const { event } of client.readStream(stream, { direction, fromRevision })) {
      names.push(nameOf(event?.data as unknown as StoredPart));
    }
    return names;
  };
  const expected = parts.map(nameOf);
  const [forwards, backwards] = [await read('forwards'), await read('backwards')];
  const same = expected.join() === forwards.join() && expected.join() === backwards.reverse().join();
  return same ? [] : [`index: ${stream}`];
}

function appendFaults({ name, size, revision }: SentAppend, parts: readonly StoredPart[]): string[] {
  const first = parts.findIndex((part) => part.name === name);
  const found = parts.filter((part) => part.name === name);
  if (found.length === 0) return revision === undefined ? [] : [`lost: ${name}`];
  const inOrder = found.every(({ index }, i) => index === i && parts[first + i]?.name === name);
  if (found.length !== size || !inOrder) return [`torn or repeated: ${name}`];
  const last = first + size - 1;
  return revision === undefined || revision === last ? [] : [`elsewhere: ${name}`];
}
