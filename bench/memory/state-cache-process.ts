import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import type { AnyDecider } from '../../command-handling/state/folded.ts';
import { idOfStream } from '../../event-store/stream-name.ts';
import { serve } from '../harness/bench-process.ts';
import { madeUpStore } from './fake-event-store.ts';
import { type Kept, keptBy } from './heap.ts';
import { type Kind, kinds } from './state-kinds.ts';

// A command handler with its usual limits for each kind of states, and more streams than it keeps of them: the states of a process, of whatever
// mix of kinds, take no more than those of the kind that takes the most.

const actor = { sub: 'olivia', role: 'operator' } as const;

async function kept({ what, decider, streams, eventsOf, command }: Kind): Promise<Kept> {
  const handler = createCommandHandler({ store: madeUpStore((stream) => eventsOf(idOfStream(stream))) });
  const handle = (id: string) =>
    handler.handle({
      stream: `made-${id}`,
      decider: decider as AnyDecider,
      command,
      context: { commandId: id, correlationId: id, causationId: id, actor },
    });
  await handle('first');
  return keptBy(what, async () => {
    for (let index = 0; index < streams; index++) await handle(`${index}`);
    return handler;
  });
}

serve(async () => {
  const found: Kept[] = [];
  for (const kind of kinds) found.push(await kept(kind));
  return found;
});
