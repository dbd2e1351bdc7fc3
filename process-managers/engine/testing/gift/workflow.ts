import { z } from 'zod';
import { defineEvent, type EventOf } from '../../../../domain/kernel/event.ts';
import {
  type EngineInput,
  noActions,
  type OutgoingCommand,
  type Timeout,
  type Workflow,
  type WorkflowInput,
} from '../../../../domain/kernel/workflow.ts';
import type { VoucherCommand, VoucherEvent } from './voucher.ts';

const ofGift = { giftId: z.string() };

/** Starts the workflow; recorded on another stream. */
export const GiftOrdered = defineEvent('GiftOrdered', 1, ofGift);
export type GiftOrdered = EventOf<typeof GiftOrdered>;

export const giftEvents = [
  defineEvent('GiftStarted', 1, ofGift),
  defineEvent('VoucherReceived', 1, { ...ofGift, code: z.string() }),
  defineEvent('TimeoutScheduled', 1, {
    ...ofGift,
    timeoutId: z.string(),
    waitingFor: z.literal('card'),
    attempt: z.int(),
    dueAt: z.string(),
  }),
  defineEvent('WaitParked', 1, { ...ofGift, reason: z.string() }),
  defineEvent('GiftCompleted', 1, { ...ofGift, sheet: z.string() }),
] as const;
export type GiftEvent = EventOf<(typeof giftEvents)[number]>;

export interface GiftEventReceived extends WorkflowInput<'GiftEventReceived'> {
  readonly event: GiftOrdered | VoucherEvent;
}
/** The code of an issued voucher. */
export type VoucherResult = string;
export type GiftInput = GiftEventReceived | EngineInput<VoucherResult>;

export interface GiftCommand extends OutgoingCommand {
  readonly command: VoucherCommand;
}
export interface PrintCard {
  readonly type: 'PrintCard';
  readonly giftId: string;
  readonly code: string;
}

export interface GiftState {
  readonly giftId: string;
  readonly status: 'none' | 'started' | 'printing' | 'completed';
  readonly code: string;
  readonly timeout: Timeout | undefined;
  /** Number of scheduled timeouts. */
  readonly timeouts: number;
  /** Of the wait for the card. */
  readonly wait: 'active' | 'parked' | 'ended';
}

/** Milliseconds until the timeout of an attempt: 1 s, 2 s, 4 s, then 8 s. */
export const cardTimeoutMs = (attempt: number): number => Math.min(8_000, 1_000 * 2 ** (attempt - 1));

function timeoutScheduled(giftId: string, now: string, attempt: number, { timeouts }: GiftState): GiftEvent {
  const dueAt = new Date(Date.parse(now) + cardTimeoutMs(attempt)).toISOString();
  const timeoutId = `${giftId}-${timeouts + 1}`;
  return { type: 'TimeoutScheduled', data: { giftId, timeoutId, waitingFor: 'card', attempt, dueAt } };
}

function received({ event, id: giftId }: GiftEventReceived, { status }: GiftState): readonly GiftEvent[] {
  if (event.type === 'GiftOrdered')
    return status === 'none' ? [{ type: 'GiftStarted', data: { giftId } }] : [];
  if (event.type !== 'CardPrinted' || status !== 'printing') return [];
  return [{ type: 'GiftCompleted', data: { giftId, sheet: event.data.sheet } }];
}

/** Issues a voucher for a gift, has its card printed, and completes. */
export const giftWorkflow: Workflow<GiftInput, GiftState, GiftEvent, GiftCommand, PrintCard> = {
  initialState: {
    giftId: '',
    status: 'none',
    code: '',
    timeout: undefined,
    timeouts: 0,
    wait: 'active',
  },
  decide: (input, state) => {
    const { id: giftId, now } = input;
    const { status, timeout, wait } = state;
    switch (input.type) {
      case 'GiftEventReceived':
        return received(input, state);
      case 'CommandsCompleted': {
        const [code] = input.results;
        if (status !== 'started' || code === undefined) return [];
        return [{ type: 'VoucherReceived', data: { giftId, code } }, timeoutScheduled(giftId, now, 1, state)];
      }
      case 'TimeoutElapsed':
        if (timeout?.timeoutId !== input.timeoutId) return [];
        return [timeoutScheduled(giftId, now, timeout.attempt + 1, state)];
      case 'ParkWait':
        if (timeout?.waitingFor !== input.waitingFor) return [];
        return [{ type: 'WaitParked', data: { giftId, reason: input.reason } }];
      case 'ResumeWait':
        return wait === 'parked' ? [timeoutScheduled(giftId, now, 1, state)] : [];
    }
  },
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'GiftStarted':
        return { ...state, giftId: data.giftId, status: 'started' };
      case 'VoucherReceived':
        return { ...state, status: 'printing', code: data.code };
      case 'TimeoutScheduled':
        return { ...state, timeout: data, timeouts: state.timeouts + 1, wait: 'active' };
      case 'WaitParked':
        return { ...state, timeout: undefined, wait: 'parked' };
      case 'GiftCompleted':
        return { ...state, timeout: undefined, status: 'completed', wait: 'ended' };
    }
  },
  actions: ({ giftId, status, code, timeout, wait }) => {
    const command = { type: 'IssueVoucher', giftId, code: `code of ${giftId}` } as const;
    return {
      ...noActions,
      ...(status === 'started' && { commandsId: 'issue', commands: [[{ id: giftId, command }]] }),
      calls: timeout === undefined ? [] : [{ type: 'PrintCard', giftId, code }],
      timeout,
      activeWaits: timeout === undefined ? [] : ['card'],
      parkedWaits: wait === 'parked' ? ['card'] : [],
      endedWaits: wait === 'ended' ? ['card'] : [],
    };
  },
};
