import { randomUUID } from 'node:crypto';
import { parkingList } from '../../command-handling/aggregates.ts';
import type { CommandHandler } from '../../command-handling/command-handler.ts';
import type { ParkingCommand } from '../../domain/parking/commands.ts';
import type { ParkingEvent } from '../../domain/parking/events.ts';
import type { ParkingState } from '../../domain/parking/state.ts';
import type { Position } from '../../event-store/codec/recorded-event.ts';
import { commandRoute } from '../http/command-route.ts';
import type { SendOptions, Target } from '../http/run-command.ts';

/** What all routes of parked items declare. */
export const parkedRoute = { tag: 'parked items', roles: ['operator', 'admin'] } as const;
/** What all commands on parked items declare. */
export const parkedCommandRoute = { ...parkedRoute, ...commandRoute } as const;
export const notParked = {
  404: 'no such item is parked: it was replayed, discarded, or never parked',
} as const;

export const parkingTarget: Target = {
  stream: parkingList.stream,
  part: 'parked',
  correlationId: parkingList.stream,
};

interface ParkingResult {
  readonly events: readonly ParkingEvent[];
  readonly state: ParkingState;
  readonly revision: bigint;
  readonly position: Position;
}

/** Sends a command to the parking list. Throws what the command handler throws. */
export async function sendToParking(
  handler: CommandHandler,
  options: SendOptions,
  command: ParkingCommand,
): Promise<ParkingResult> {
  const { events, state, revision, position } = await handler.handle({ ...options, ...parkingList, command });
  // Before anything is parked there is no stream: report its start.
  return { events, state, revision: revision ?? 0n, position: position ?? { commit: 0n, prepare: 0n } };
}

export const readParking = async (handler: CommandHandler): Promise<ParkingState> =>
  (await sendToParking(handler, ownContext(), { type: 'ReadParking' })).state;

/** Takes an item off the list, if it is parked: its work is done. */
export async function resolveItem(handler: CommandHandler, itemId: string): Promise<void> {
  await sendToParking(handler, ownContext(), { type: 'ResolveItem', itemId });
}

function ownContext(): SendOptions {
  const commandId = randomUUID();
  const actor = { sub: 'command-api', role: 'system' } as const;
  return { context: { commandId, correlationId: parkingList.stream, causationId: commandId, actor } };
}
