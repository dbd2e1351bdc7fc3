import { inventoryDecider } from '../domain/inventory/decider.ts';
import { productId } from '../domain/kernel/ids.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { RecordedEvent } from '../event-store/recorded-event.ts';
import { inventoryStream } from '../event-store/streams.ts';
import { createCommandHandler } from '../write-side/commands/create-command-handler.ts';
import { movements } from './movements.ts';

// A command handler with its usual limits, and a store that makes up long streams as they are read: all that stays in memory is what
// the handler keeps. Run with --expose-gc.

/** In the heap, after a collection, above what was there before the first command. */
export interface KeptStates {
  readonly longStreams: number;
  readonly shortStreams: number;
  readonly longMebibytes: number;
  readonly allMebibytes: number;
}

const LONG_STREAMS = 120;
/** Enough for all that a state remembers. */
const LONG = 20_000;
const SHORT_STREAMS = 25_000;
const ACTOR = { sub: 'olivia', role: 'operator' } as const;
const position = { commit: 1n, prepare: 1n };

async function* madeUp(stream: string): AsyncGenerator<RecordedEvent> {
  const product = stream.slice('inventory-'.length);
  for (const [revision, event] of movements(product, 0, product.startsWith('L') ? LONG : 2).entries()) {
    const metadata = { $correlationId: '', $causationId: '', commandId: '', actor: ACTOR, schemaVersion: 1 };
    yield { event, id: '', stream, revision: BigInt(revision), position, at: new Date(0), metadata };
  }
}
const unused = () => {
  throw new Error('the command handler needs no more than to read and to append');
};
const store: EventStore = {
  read: madeUp,
  append: async () => ({ ids: [], revision: 0n, position }),
  readLast: unused,
  readAll: unused,
  subscribe: unused,
  head: unused,
  close: async () => {},
};
const handler = createCommandHandler({ store });

const receive = (product: string) =>
  handler.handle({
    stream: inventoryStream(product),
    decider: inventoryDecider,
    command: { type: 'ReceiveStock', productId: productId(product), quantity: 1 },
    context: { commandId: product, correlationId: product, causationId: product, actor: ACTOR },
  });

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

await receive('S');
const before = heap();
for (let index = 0; index < LONG_STREAMS; index++) await receive(`L${index}`);
const withLong = heap();
for (let index = 0; index < SHORT_STREAMS; index++) await receive(`S${index}`);
const kept: KeptStates = {
  longStreams: LONG_STREAMS,
  shortStreams: SHORT_STREAMS,
  longMebibytes: withLong - before,
  allMebibytes: heap() - before,
};
process.send?.(kept);
process.disconnect();
