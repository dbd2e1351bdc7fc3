import { z } from 'zod';
import type { Decider } from '../../../../domain/kernel/decider.ts';
import { DomainError } from '../../../../domain/kernel/domain-error.ts';
import { defineEvent, type EventOf } from '../../../../domain/kernel/event.ts';

/** Events and commands of a voucher, the aggregate of the gift workflow. */
export const voucherEvents = [
  defineEvent('VoucherIssued', 1, { giftId: z.string(), code: z.string() }),
  defineEvent('VoucherCancelled', 1, { giftId: z.string() }),
  defineEvent('CardPrinted', 1, { giftId: z.string(), sheet: z.string() }),
] as const;
export type VoucherEvent = EventOf<(typeof voucherEvents)[number]>;

export type VoucherCommand =
  | { readonly type: 'IssueVoucher'; readonly giftId: string; readonly code: string }
  | { readonly type: 'CancelVoucher'; readonly giftId: string }
  | { readonly type: 'RecordCard'; readonly giftId: string; readonly sheet: string };

export interface VoucherState {
  readonly status: 'none' | 'issued' | 'cancelled' | 'printed';
  readonly code: string;
}

export class VoucherAlreadyCancelled extends DomainError<{ readonly giftId: string }> {
  override readonly name = 'VoucherAlreadyCancelled';
  readonly code = 'voucher-already-cancelled';
}

export const voucherStream = (giftId: string): string => `voucher-${giftId}`;

export const voucherDecider: Decider<VoucherState, VoucherCommand, VoucherEvent> = {
  initialState: { status: 'none', code: '' },
  decide: (command, { status }) => {
    const { giftId } = command;
    if (command.type === 'CancelVoucher')
      return status === 'cancelled' ? [] : [{ type: 'VoucherCancelled', data: { giftId } }];
    if (status === 'cancelled')
      throw new VoucherAlreadyCancelled(`the voucher of ${giftId} is cancelled`, { giftId });
    if (command.type === 'RecordCard')
      return status === 'printed' ? [] : [{ type: 'CardPrinted', data: { giftId, sheet: command.sheet } }];
    return status === 'none' ? [{ type: 'VoucherIssued', data: { giftId, code: command.code } }] : [];
  },
  evolve: (state, { type, data }) => {
    switch (type) {
      case 'VoucherIssued':
        return { status: 'issued', code: data.code };
      case 'VoucherCancelled':
        return { ...state, status: 'cancelled' };
      case 'CardPrinted':
        return { ...state, status: 'printed' };
    }
  },
};
