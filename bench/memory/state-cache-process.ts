import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import type { AnyDecider } from '../../command-handling/state/folded.ts';
import { idOfStream } from '../../event-store/stream-name.ts';
import { serveRequests } from '../harness/bench-process.ts';
import { createFakeEventStore } from './fake-event-store.ts';
import { type HeapUse, heapUseOf } from './heap.ts';
import { type Kind, kinds } from './state-kinds.ts';

// A command handler with its default limits, for each kind of state with more streams than it caches. A mix of kinds uses no
// more memory than the largest kind.

const actor = { sub: 'olivia', role: 'operator' } as const;

async function heapUseOfStates({ what, decider, streams, eventsOf, command }: Kind): Promise<HeapUse> {
  const handler = createCommandHandler({
    store: createFakeEventStore((stream) => eventsOf(idOfStream(stream))),
  });
  const handle = (id: string) =>
    handler.handle({
      stream: `made-${id}`,
      decider: decider as AnyDecider,
      command,
      context: { commandId: id, correlationId: id, causationId: id, actor },
    });
  await handle('first');
  return heapUseOf(what, async () => {
    for (let index = 0; index < streams; index++) await handle(`${index}`);
    return handler;
  });
}

serveRequests(async () => {
  const found: HeapUse[] = [];
  for (const kind of kinds) found.push(await heapUseOfStates(kind));
  return found;
});
