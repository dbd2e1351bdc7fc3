import { itemOf } from '../../../../event-catalogue/parked-items.ts';
import type { CallOutcome, CommandTarget, Definition, WorkflowTypes } from '../../definition.ts';
import { type VoucherState, voucherDecider, voucherEvents, voucherStream } from './voucher.ts';
import {
  cardTimeoutMs,
  type GiftCommand,
  type GiftEvent,
  type GiftEventReceived,
  type GiftInput,
  type GiftState,
  giftWorkflow,
  type PrintCard,
  type VoucherResult,
} from './workflow.ts';

export interface Gift extends WorkflowTypes {
  readonly input: GiftInput;
  readonly state: GiftState;
  readonly event: GiftEvent;
  readonly command: GiftCommand;
  readonly result: VoucherResult;
  readonly call: PrintCard;
}

/** Prints a card and returns its sheet, or says why it has not. */
export type Printer = (
  call: PrintCard,
) => Promise<
  { readonly sheet: string } | { readonly outcome: 'pending' | 'refused'; readonly reason: string }
>;

export const giftStream = (giftId: string): string => `gift-${giftId}`;

const RECEIVED: readonly string[] = ['GiftOrdered', ...voucherEvents.map(({ type }) => type)];

/** Returns the third workflow of the specs, with an aggregate and a call that the engine has never met. */
export const gift = (print: Printer): Definition<Gift> => ({
  name: 'gift',
  workflow: giftWorkflow,
  streamOf: giftStream,
  prefixes: ['giftorder-', 'voucher-'],
  deliveriesAtOnce: 4,
  receive: ({ event }, now) => {
    if (!RECEIVED.includes(event.type)) return undefined;
    const received = event as GiftEventReceived['event'];
    return { input: { type: 'GiftEventReceived', id: received.data.giftId, now, event: received } };
  },
  targetOf: ({ id }) => ({ stream: voucherStream(id), decider: voucherDecider }) as unknown as CommandTarget,
  resultOf: ({ command }, state) =>
    command.type === 'IssueVoucher' ? (state as VoucherState).code : undefined,
  calls: {
    PrintCard: {
      waitingFor: 'card',
      actor: 'printer',
      lanes: () => [],
      make: async (call): Promise<CallOutcome<GiftCommand>> => {
        const printed = await print(call);
        if (!('sheet' in printed)) return printed;
        const { giftId } = call;
        const command = { type: 'RecordCard', giftId, sheet: printed.sheet } as const;
        return { outcome: 'result', command: { id: giftId, command } };
      },
    },
  },
  waits: {
    kinds: ['card'],
    timeoutMs: ({ attempt }) => cardTimeoutMs(attempt),
    maxTimeoutMs: () => 8_000,
    mustLast: () => false,
    itemOf: (id, waitingFor) =>
      itemOf({ group: 'gift', kind: 'deadline', stream: giftStream(id), type: waitingFor }),
    exceptionItemOf: (id, { kind, number }) =>
      itemOf({ group: 'gift', kind: 'exception', stream: giftStream(id), type: kind, number }),
  },
});
