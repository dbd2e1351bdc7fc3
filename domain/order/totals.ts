import { AmountTooLarge, type Money, sum, times } from '../kernel/money.ts';
import type { PlaceOrder } from './commands.ts';
import { OrderWithoutLines, OrderWithoutTotal, type TotalFault } from './errors.ts';
import type { OrderLine } from './order-line.ts';

const TOO_LARGE = 'the total is beyond 2^53-1';

/**
 * Returns the lines with their totals, and the total of the order. Throws `OrderWithoutLines`, and `OrderWithoutTotal`
 * with all faults.
 */
export function withTotals({ orderId, lines }: Pick<PlaceOrder, 'orderId' | 'lines'>): {
  readonly lines: OrderLine[];
  readonly total: Money;
} {
  const priced: OrderLine[] = [];
  const faults: TotalFault[] = [];
  const currency = lines[0]?.unitPrice.currency;
  for (const line of lines) {
    const { productId, unitPrice, quantity } = line;
    const lineTotal = unlessTooLarge(() => times(unitPrice, quantity));
    if (unitPrice.currency !== currency) {
      const message = `${productId} is priced in ${unitPrice.currency}, the products before it in ${currency}`;
      faults.push({ productId, field: 'productId', message });
    } else if (lineTotal === undefined) {
      faults.push({ productId, field: 'quantity', message: `${productId}: ${TOO_LARGE}` });
    } else priced.push({ ...line, lineTotal });
  }
  if (faults.length > 0) throw new OrderWithoutTotal(faults);
  const [first, ...others] = priced.map(({ lineTotal }) => lineTotal);
  if (first === undefined) throw new OrderWithoutLines(orderId);
  const total = unlessTooLarge(() => sum([first, ...others]));
  if (total === undefined) throw new OrderWithoutTotal([{ message: `the order: ${TOO_LARGE}` }]);
  return { lines: priced, total };
}

function unlessTooLarge(calculate: () => Money): Money | undefined {
  try {
    return calculate();
  } catch (error) {
    if (error instanceof AmountTooLarge) return undefined;
    throw error;
  }
}
