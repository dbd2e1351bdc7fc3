import type { OrderId } from '../../domain/kernel/ids.ts';
import type { Money } from '../../domain/kernel/money.ts';
import type { CaptureResult, PaymentProvider } from '../../integrations/payments/payment-provider.ts';

/** What the bank's own books say of an order. */
interface Account {
  /** How often it was asked to charge; the order id is the key under which all of these are one. */
  tried: number;
  charged: number;
  refunded: number;
  /** The one answer that a charge of this order will ever get. */
  final: CaptureResult | undefined;
}

export interface Bank extends PaymentProvider {
  readonly accounts: ReadonlyMap<string, Readonly<Account>>;
  /** What nobody should ask of a bank: another amount under the same key, money back that never came. */
  readonly complaints: readonly string[];
}

/** How a charge ends by its token; `tok_flaky` is away twice first, `tok_down` for ever. */
const DECLINED: CaptureResult = { outcome: 'declined', reason: 'card declined' };
const AWAY: CaptureResult = { outcome: 'unavailable', reason: '503' };

/** A payment provider that keeps books of the money that really moved. */
export function openBank(): Bank {
  const accounts = new Map<string, Account>();
  const complaints: string[] = [];
  const accountOf = (orderId: OrderId): Account => {
    const account = accounts.get(orderId) ?? { tried: 0, charged: 0, refunded: 0, final: undefined };
    accounts.set(orderId, account);
    return account;
  };
  const decide = (token: string, earlier: number): CaptureResult | undefined => {
    if (token === 'tok_declined') return DECLINED;
    return token === 'tok_down' || (token === 'tok_flaky' && earlier < 2) ? AWAY : undefined;
  };
  const mustBe = (orderId: OrderId, { amount }: Money, charged: number) => {
    if (charged !== amount) complaints.push(`${orderId}: ${amount} asked for, ${charged} charged`);
  };

  return {
    accounts,
    complaints,
    async capture({ orderId, amount, token }) {
      const account = accountOf(orderId);
      if (account.charged > 0) mustBe(orderId, amount, account.charged);
      if (account.final !== undefined) return account.final;
      const answer = decide(token, account.tried++);
      if (answer?.outcome === 'unavailable') return answer;
      if (answer === undefined) account.charged += amount.amount;
      account.final = answer ?? { outcome: 'captured', reference: `charge-${orderId}` };
      return account.final;
    },
    async settle({ orderId }) {
      const account = accountOf(orderId);
      if (account.final?.outcome === 'captured') return account.final;
      account.final ??= { outcome: 'declined', reason: 'called off' };
      return { outcome: 'nothing-moved' };
    },
    async refund({ orderId, amount }) {
      const account = accountOf(orderId);
      mustBe(orderId, amount, account.charged);
      if (account.charged === 0) return { outcome: 'refused', reason: 'no such charge' };
      account.refunded = account.charged;
      return { outcome: 'refunded', reference: `refund-${orderId}` };
    },
  };
}
