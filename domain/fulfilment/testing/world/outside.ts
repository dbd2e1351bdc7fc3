import type { ExternalCall } from '../../waits.ts';
import type { ShopOrder } from './shop.ts';

/** What the provider or the carrier has responded, to be recorded; undefined when no response arrived. */
type Recording = (() => void) | undefined;

interface Outside {
  /** ISO 8601. */
  readonly clock: () => string;
  /** The provider moves the money some time later and reports it by itself. */
  readonly captureLater: (of: ShopOrder) => void;
}

/** Makes a call; recording its response is another step, and a crash may come between. */
export function callOutside(of: ShopOrder, call: ExternalCall, outside: Outside): Recording {
  const { clock } = outside;
  const { id, payment, shipment, provider, carrier } = of;
  const parcel = { carrier: 'Royal Mail', trackingNumber: `RM-${id}` };
  switch (call.type) {
    case 'CapturePayment':
      return capture(of, outside);
    case 'SettlePayment':
      if (provider.unavailableFor-- > 0) return undefined;
      if (provider.hasMoved) return recordCapture(of, clock);
      provider.isClosed = true;
      return () => payment.send({ type: 'RecordFailure', reason: call.reason });
    case 'RefundPayment':
      if (provider.unavailableFor-- > 0) return undefined;
      if (!provider.hasMoved) throw new RangeError(`refund of order ${id}, which was never charged`);
      provider.hasRefunded = true;
      return () => payment.send({ type: 'RecordRefund', reference: id, refundedAt: clock() });
    case 'DispatchShipment':
      if (carrier.unavailableFor-- > 0 || carrier.isRecalled) return undefined;
      carrier.hasTaken = true;
      return () => shipment.send({ type: 'RecordDispatch', ...parcel, dispatchedAt: clock() });
    case 'RecallShipment':
      if (carrier.unavailableFor-- > 0) return undefined;
      carrier.isRecalled = true;
      return () => {
        const recall = carrier.hasTaken
          ? ({ outcome: 'returning', ...parcel } as const)
          : ({ outcome: 'nothing-taken' } as const);
        shipment.send({ type: 'RecordRecall', ...recall, recalledAt: clock() });
      };
  }
}

export const recordCapture =
  ({ id, payment }: ShopOrder, clock: Outside['clock']) =>
  () =>
    void payment.send({ type: 'RecordCapture', reference: id, capturedAt: clock() });

function capture(of: ShopOrder, { clock, captureLater }: Outside): Recording {
  const { plan, payment, provider } = of;
  if (provider.hasMoved) return recordCapture(of, clock);
  if (provider.isClosed) return () => payment.send({ type: 'RecordDecline', reason: 'closed' });
  const script = plan.captures[provider.captures++] ?? plan.atLast;
  switch (script) {
    case 'captures':
      provider.hasMoved = true;
      return recordCapture(of, clock);
    case 'captures without a response':
      provider.hasMoved = true;
      return undefined;
    case 'declines':
      provider.isClosed = true;
      return () => payment.send({ type: 'RecordDecline', reason: 'card expired' });
    case 'captures later':
      captureLater(of);
      return undefined;
    case 'is unavailable':
    case 'loses the request':
      return undefined;
  }
}
