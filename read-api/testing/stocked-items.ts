import { productId } from '../../domain/kernel/ids.ts';
import { pounds, productCreated, reservation, stockReceived } from '../../projections/testing/events.ts';
import { TestLog } from '../../projections/testing/log.ts';

/** Returns the events of products, some of them with stock. */
export function stockedItems(): TestLog {
  const log = new TestLog();
  log.record('product-85123A', productCreated('85123A', 'Crème brûlée dish'));
  log.record('product-red mug.2', productCreated('red mug.2', 'Red mug'));
  log.record('product-plate', productCreated('plate', 'Äpfelteller'));
  log.record('product-tray', productCreated('tray', 'Tray, red'));
  log.record('product-85123A', {
    type: 'ProductRepriced',
    data: { productId: productId('85123A'), price: pounds(300) },
  });
  log.record('inventory-85123A', stockReceived('85123A', 10));
  log.record('inventory-85123A', reservation('StockReserved', '85123A', 'o1', 3));
  return log;
}
