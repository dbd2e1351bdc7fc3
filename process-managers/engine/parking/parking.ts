import { randomUUID } from 'node:crypto';
import { parkingList } from '../../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../../command-handling/command-handler.ts';
import type { ParkingCommand } from '../../../domain/parking/commands.ts';
import type { ParkReason } from '../../../domain/parking/events.ts';
import { findItem, listItems, type ParkedItem } from '../../../domain/parking/state.ts';
import type { ItemToPark } from '../../../event-catalogue/parked-items.ts';
import { PROCESS_MANAGERS } from '../causes.ts';

/** Why an item is parked: a code, and a sentence for the operator. */
export interface WhyParked {
  readonly reason: ParkReason;
  readonly detail: string;
}

/** The parking list, as process managers use it. Each function may throw what the command handler throws. */
export interface Parking {
  /**
   * Returns whether the item was parked; false when it is parked already, or was discarded. Without its subject, an item is
   * only parked again. Throws `TooManyParked`.
   */
  park(item: Pick<ItemToPark, 'itemId'> & Partial<ItemToPark>, why: WhyParked): Promise<boolean>;
  /** Takes an item off the list: its work is done. With a `number`, only if it was not parked again meanwhile. */
  resolve(itemId: string, number?: number): Promise<void>;
  /** Requests the next items of running replays. Returns how many events that recorded. */
  continueReplays(): Promise<number>;
  find(itemId: string): Promise<ParkedItem | undefined>;
  /** Returns all parked items, the newest first. */
  list(): Promise<readonly ParkedItem[]>;
}

export function createParking(handler: CommandHandler, clock: () => Date): Parking {
  const send = (command: ParkingCommand, correlationId: string = parkingList.stream) => {
    const commandId = randomUUID();
    const context = { commandId, correlationId, causationId: commandId, actor: PROCESS_MANAGERS };
    return handler.handle({ ...parkingList, command, context });
  };
  const read = async () => (await send({ type: 'ReadParking' })).state;
  const at = (): string => clock().toISOString();

  return {
    park: async (item, why) => {
      const parked: ParkingCommand = { type: 'ParkItem', ...item, ...why, at: at() };
      return (await send(parked, item.subject?.orderId ?? item.itemId)).events.length > 0;
    },
    resolve: async (itemId, number) => {
      await send({ type: 'ResolveItem', itemId, ...(number !== undefined && { number }) }, itemId);
    },
    continueReplays: async () => (await send({ type: 'ContinueReplays', at: at() })).events.length,
    find: async (itemId) => findItem(await read(), itemId),
    list: async () => listItems(await read()),
  };
}
