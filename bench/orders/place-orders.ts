import { bareClient } from '../harness/bare-client.ts';
import { perSecond } from '../harness/concurrent-work.ts';
import { measureInPairs } from '../harness/paired-runs.ts';
import { openShop, STOCK_FOR_ALL } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { withSystem } from '../harness/with-system.ts';

const PAIRS = 5;
const PRODUCTS = 100;
const IN_FLIGHT = 64;
/** Rates rise for some seconds until the code of both sides is compiled. */
const WARM_UP_SECONDS = 5;

/** Measures the bare client and the command API in turn, each on its own node. */
export async function measurePlaceOrders(seconds: number): Promise<Row[]> {
  return withSystem(['eventstore'], (bare) =>
    withSystem(['eventstore', 'write-side'], async (system) => {
      const client = bareClient(bare.env.EVENTSTORE_URL ?? '');
      const shop = openShop(system, IN_FLIGHT);
      const productId = (index: number) => `${20_000 + (index % PRODUCTS)}`;
      for (let index = 0; index < PRODUCTS; index++) await shop.createItem(productId(index), STOCK_FOR_ALL);
      const placeOrder = (index: number) => shop.placeOrder(productId(index));
      const warmUp = { inFlight: IN_FLIGHT, seconds: Math.min(WARM_UP_SECONDS, 2 * seconds) };
      await perSecond(warmUp, client.append);
      await perSecond(warmUp, placeOrder);
      const one = await perSecond({ inFlight: 1, seconds }, client.append);
      const many = { inFlight: IN_FLIGHT, seconds };
      const { ours, theirs, ratio } = await measureInPairs(
        PAIRS,
        () => perSecond(many, placeOrder),
        () => perSecond(many, client.append),
      );
      await Promise.all([client.close(), shop.close()]);
      return [
        { what: 'bare client: appends, 1 in flight', measured: one },
        { what: `bare client: appends, ${IN_FLIGHT} in flight`, measured: theirs, ratio: 1 },
        { what: `POST /orders, ${IN_FLIGHT} in flight`, measured: ours, ratio, target: '≥ 0.35' },
      ];
    }),
  );
}
