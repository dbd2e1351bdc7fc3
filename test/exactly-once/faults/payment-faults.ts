import type {
  PaymentProvider,
  Unavailable,
  Unknown,
} from '../../../integrations/payments/payment-provider.ts';
import { pause } from '../../../platform/async/backoff.ts';
import type { Mischief } from './fault-injector.ts';

/** All that may happen between the shop and its bank, with how likely it is, of each call. */
export const bankFaults = {
  'bank: away': 0.05,
  'bank: asked late': 0.1,
  'bank: asked twice at once': 0.1,
  'bank: asked again much later': 0.05,
  'bank: answer late': 0.1,
  'bank: answer lost': 0.06,
  'bank: answer cut off': 0.03,
} as const;

export type BankFault = keyof typeof bankFaults;

const LATE_MS = 250;
const MUCH_LATER_MS = 3_000;

/** The connection broke before the answer was there. */
class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** The way to a bank and back: what was sent may be done though nobody hears of it, and done again later. */
export function throughTrouble(bank: PaymentProvider, mischief: Mischief<BankFault>): PaymentProvider {
  const late = (upToMs: number) => new Promise<void>((arrived) => mischief.later(upToMs, () => arrived()));
  const trouble = async <Answer>(
    ask: () => Promise<Answer>,
    signal: AbortSignal | undefined,
  ): Promise<Answer | Unavailable | Unknown> => {
    if (mischief.does('bank: away')) return { outcome: 'unavailable', reason: '503' };
    // Nobody calls back what is on its way: it arrives though the shop may have given it up.
    if (mischief.does('bank: asked late')) await late(2 * LATE_MS);
    if (mischief.does('bank: asked again much later')) mischief.later(MUCH_LATER_MS, () => void ask());
    if (mischief.does('bank: asked twice at once')) await ask();
    const answer = await ask();
    if (mischief.does('bank: answer cut off')) throw new CutOff('the connection was cut');
    if (mischief.does('bank: answer late')) await late(LATE_MS);
    if (mischief.does('bank: answer lost')) {
      await pause(60_000, signal);
      return { outcome: 'unknown', reason: 'no answer' };
    }
    return answer;
  };
  return {
    capture: (request, signal) => trouble(() => bank.capture(request), signal),
    settle: (request, signal) => trouble(() => bank.settle(request), signal),
    refund: (request, signal) => trouble(() => bank.refund(request), signal),
  };
}
