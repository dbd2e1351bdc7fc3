// Loaded before a projector (`node --import`): as if its code could not handle one order's payment.
import { paymentsProjection } from '../../../dist/projections/payments/projection.js';

const { evolve } = paymentsProjection;
paymentsProjection.evolve = (lookup, recorded) => {
  if (recorded.stream === process.env.FAILING_STREAM && recorded.event.type === 'PaymentCaptured')
    throw new RangeError('no such currency');
  return evolve(lookup, recorded);
};
