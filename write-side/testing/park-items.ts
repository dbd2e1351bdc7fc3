import { createCommandHandler } from '../../command-handling/create-command-handler.ts';
import type { ParkingCommand } from '../../domain/parking/commands.ts';
import type { ParkReason } from '../../domain/parking/events.ts';
import type { ItemToPark } from '../../event-catalogue/parked-items.ts';
import type { EventStore } from '../../event-store/event-store.ts';
import { sendToParking } from '../parked/parking-list.ts';

const context = {
  commandId: 'a process manager',
  correlationId: 'parking',
  causationId: 'a process manager',
  actor: { sub: 'process-managers', role: 'system' },
} as const;

/** Parks items, and continues replays, as the process managers do: through a command handler of another process. */
export function processManagersOf(store: EventStore) {
  const handler = createCommandHandler({ store });
  const send = (command: ParkingCommand) =>
    sendToParking(handler, { context: { ...context, commandId: crypto.randomUUID() } }, command);
  return {
    park: (
      { itemId, subject }: Pick<ItemToPark, 'itemId'> & Partial<ItemToPark>,
      why: { readonly reason: ParkReason; readonly detail: string },
      at: string,
    ) =>
      send({
        type: 'ParkItem',
        itemId,
        ...(subject !== undefined && { subject }),
        ...why,
        at,
      }),
    resolve: (itemId: string) => send({ type: 'ResolveItem', itemId }),
    continueReplays: (at: string) => send({ type: 'ContinueReplays', at }),
  };
}
