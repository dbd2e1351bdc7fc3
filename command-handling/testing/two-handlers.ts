import { catalogue } from '../../event-catalogue/catalogue.ts';
import { collect } from '../../event-store/testing/collect.ts';
import { createInMemoryEventStore } from '../../event-store/testing/in-memory-event-store.ts';
import { type CommandLimits, createCommandHandler } from '../create-command-handler.ts';
import { stock } from './sample-commands.ts';

/** Two command handlers on one event store, as in two processes. */
export function setUp(limits: Partial<CommandLimits> = {}) {
  const store = createInMemoryEventStore({ catalogue });
  const otherStore = store.connectAgain();
  return {
    store,
    handler: createCommandHandler({ store, limits }),
    other: createCommandHandler({ store: otherStore, limits }),
    otherStore,
    types: async () => (await collect(store.read(stock))).map(({ event }) => event.type),
    commands: async () => (await collect(store.read(stock))).map(({ metadata }) => metadata.commandId),
  };
}

/** Returns the error of a promise; undefined if it resolves. */
export const thrown = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => undefined).catch((error: unknown) => error);
