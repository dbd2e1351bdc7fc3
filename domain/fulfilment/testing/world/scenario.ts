import fc from 'fast-check';
import { type ProductId, productId } from '../../../kernel/ids.ts';
import { WaitKind } from '../../events.ts';
import { type FulfilmentPolicy, fulfilmentPolicy } from '../../policy.ts';

/** What the provider does when it is asked to charge: whether money moves, and whether it responds. */
export type CaptureScript =
  | 'captures'
  | 'declines'
  | 'is unavailable'
  | 'captures without a response'
  | 'loses the request'
  /** Money moves some time later, whatever the provider has said meanwhile. Then the provider reports it by itself. */
  | 'captures later';

export interface Plan {
  readonly lines: readonly { readonly productId: ProductId; readonly quantity: number }[];
  /** One call after another; all further calls do `atLast`. */
  readonly captures: readonly CaptureScript[];
  readonly atLast: 'captures' | 'declines' | 'is unavailable';
  /** Number of calls without a response: to settle or refund the payment, and to the carrier. */
  readonly unavailableFor: number;
  readonly customerCancels: boolean;
  /** Whether an operator refunds the payment once it is captured. */
  readonly operatorRefunds: boolean;
  /** The provider is slow: the payment is requested before the capture responds, and not together with its outcome. */
  readonly isProviderSlow: boolean;
  /** The first reservations fail: the order is recorded without them. */
  readonly areReservationsLate: boolean;
  /** Waits that are parked, each at any time while it is active; an operator resumes them some time later. */
  readonly parkings: readonly WaitKind[];
  /** Number of the fulfilment's last events that the recorder of a capture does not know. */
  readonly eventsBehind: number;
}

export interface Scenario {
  readonly plans: readonly Plan[];
  readonly stock: number;
  /** Whether the products have forgotten closed orders, so that they question each first reservation. */
  readonly isForgetful: boolean;
  readonly policy: FulfilmentPolicy;
  /** Each picks what happens next among everything possible. When they are used up, the first possibility is picked. */
  readonly choices: readonly number[];
  readonly crashes: number;
  readonly duplicates: number;
}

const quantity = fc.integer({ min: 1, max: 4 });
const lines = fc
  .record({ first: fc.option(quantity), second: quantity })
  .map(({ first, second }) => [
    ...(first === null ? [] : [{ productId: productId('71053'), quantity: first }]),
    { productId: productId('85123A'), quantity: second },
  ]);

export const plans: fc.Arbitrary<Plan> = fc.record({
  lines,
  captures: fc.array(
    fc.constantFrom<CaptureScript>(
      'captures',
      'declines',
      'is unavailable',
      'captures without a response',
      'loses the request',
      'captures later',
    ),
    { maxLength: 4 },
  ),
  atLast: fc.constantFrom('captures', 'declines', 'is unavailable'),
  unavailableFor: fc.nat(2),
  customerCancels: fc.boolean(),
  operatorRefunds: fc.boolean(),
  isProviderSlow: fc.boolean(),
  areReservationsLate: fc.boolean(),
  parkings: fc.array(fc.constantFrom(...WaitKind.options), { maxLength: 4 }),
  eventsBehind: fc.nat(4),
});

/** No customer cancels, no operator refunds, and the provider never contradicts itself. */
export const uninterruptedPlans = plans.map(
  (plan): Plan => ({
    ...plan,
    captures: plan.captures.filter((script) => script !== 'captures later'),
    customerCancels: false,
    operatorRefunds: false,
  }),
);

/** Crashes, duplicates, parked waits and any order of events, of one to three orders. */
export function scenarios<P extends Plan>(
  of: fc.Arbitrary<readonly P[]>,
  stock: { readonly min: number; readonly max: number },
  policy: Partial<FulfilmentPolicy> = {},
): fc.Arbitrary<Scenario & { readonly plans: readonly P[] }> {
  return fc.record({
    plans: of,
    stock: fc.integer(stock),
    isForgetful: fc.boolean(),
    policy: fc.constant({ ...fulfilmentPolicy, ...policy }),
    choices: fc.array(fc.nat(1_000), { size: 'max', maxLength: 400 }),
    crashes: fc.nat(6),
    duplicates: fc.nat(6),
  });
}
