import type { DomainEvent } from '../../../domain/kernel/event.ts';
import { productId } from '../../../domain/kernel/ids.ts';
import { catalogue } from '../../../event-catalogue/catalogue.ts';
import { inventoryStream } from '../../../event-catalogue/streams.ts';
import type { Position } from '../../../event-store/codec/recorded-event.ts';
import { silent } from '../../../event-store/logger.ts';
import {
  createInMemoryEventStore,
  type InMemoryEventStore,
} from '../../../event-store/testing/in-memory-event-store.ts';
import { allDocuments } from '../../../read-store/all-documents.ts';
import type { ModelStatus, ReadStore, Stored } from '../../../read-store/read-store.ts';
import { sqliteReadStore, type TestReadStore } from '../../../read-store/testing/adapters.ts';
import type { Projection } from '../../projection.ts';
import { comparePositions } from '../positions.ts';
import { type Projector, startProjector } from '../projector.ts';
import type { ProjectorOptions } from '../projector-options.ts';
import { FaultyReadStore } from './faulty-read-store.ts';

export interface Running {
  readonly projector: Projector;
  readonly faults: FaultyReadStore;
  /** Stops it as a signal to the process would. */
  stop(): Promise<void>;
}

/** An event store and a read store, and projectors on them, each as a process of its own would run it. */
export class Harness {
  readonly events: InMemoryEventStore = createInMemoryEventStore({ catalogue });
  readonly #place: TestReadStore;
  readonly #running: Running[] = [];
  #commands = 0;

  constructor(place: TestReadStore = sqliteReadStore()) {
    this.#place = place;
  }

  openReadStore(): Promise<ReadStore> {
    return this.#place.open();
  }

  async start(
    projections: readonly Projection[],
    more: Partial<ProjectorOptions> & { readonly faults?: FaultyReadStore } = {},
  ): Promise<Running> {
    const faults = more.faults ?? new FaultyReadStore(await this.openReadStore());
    const stopping = new AbortController();
    const projector = await startProjector({
      store: this.events,
      readStore: faults.store,
      stores: () => ({ eventStore: 'ok', readStore: 'ok' }),
      projections,
      logger: silent,
      host: '127.0.0.1',
      signal: stopping.signal,
      tuning: { retry: { firstMs: 20, maxMs: 40 } },
      ...more,
    });
    const stop = async () => {
      stopping.abort();
      await projector.done;
    };
    const running = { projector, faults, stop };
    this.#running.push(running);
    return running;
  }

  /** Receives stock of a product; returns the log position. */
  async receive(product: string, quantity: number): Promise<Position> {
    this.#commands += 1;
    const event: DomainEvent = { type: 'StockReceived', data: { productId: productId(product), quantity } };
    const metadata = {
      $correlationId: product,
      $causationId: 'test',
      commandId: `command-${this.#commands}`,
      actor: { sub: 'olivia', role: 'operator' },
    } as const;
    const appended = await this.events.append(inventoryStream(product), [{ event, metadata }], 'any');
    return appended.position;
  }

  async documents(projection: Projection): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for await (const { id, body } of allDocuments(await this.#live(projection))) found[id] = body;
    return found;
  }

  async stored(projection: Projection, id: string): Promise<Stored<unknown> | undefined> {
    return (await this.#live(projection)).get(id);
  }

  async status(name: string): Promise<ModelStatus | undefined> {
    return (await (await this.openReadStore()).statuses()).find((status) => status.name === name);
  }

  /** Waits until the stored checkpoint has reached a position. */
  async reached(projection: Projection, position: Position): Promise<void> {
    const documents = await this.#live(projection);
    while (comparePositions(await documents.checkpoint(), position) < 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
  }

  async dispose(): Promise<void> {
    for (const { stop, faults } of this.#running) {
      faults.resume();
      await stop();
    }
    await this.#place.dispose();
  }

  async #live(projection: Projection) {
    const store = await this.openReadStore();
    for (;;) {
      const live = await store.live<unknown>(projection);
      if (live.generation > 0) return live;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
