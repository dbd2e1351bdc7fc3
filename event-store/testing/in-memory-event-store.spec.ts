import { describeEventStore } from './event-store-contract.ts';
import { createInMemoryEventStore } from './in-memory-event-store.ts';
import { catalogue } from './sample-events.ts';

describeEventStore('in memory', async () => {
  const store = createInMemoryEventStore({ catalogue });
  return { store, appendRaw: store.appendRaw, close: store.close };
});
