import { describeEventStore } from './event-store-contract.ts';
import { createInMemoryEventStore } from './in-memory-event-store.ts';

describeEventStore('in memory', async () => {
  const store = createInMemoryEventStore();
  return { store, appendRaw: store.appendRaw, close: store.close };
});
