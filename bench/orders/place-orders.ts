import { bareClient } from '../harness/bare-client.ts';
import { perSecond } from '../harness/concurrent-work.ts';
import { inPairs } from '../harness/paired-runs.ts';
import { openShop, STOCK_FOR_ALL } from '../harness/shop.ts';
import type { Row } from '../harness/table.ts';
import { onSystem } from '../harness/with-system.ts';

const PAIRS = 5;
const PRODUCTS = 100;
const IN_FLIGHT = 64;
/** Until the code of both sides is compiled: rates still rise for some seconds. */
const WARM_UP_SECONDS = 5;

/** The bare client and the command API in turn, each on a node of its own. */
export async function measureAppending(seconds: number): Promise<Row[]> {
  return onSystem(['eventstore'], (bare) =>
    onSystem(['eventstore', 'write-side'], async (system) => {
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
      const { ours, theirs, ratio } = await inPairs(
        PAIRS,
        () => perSecond(many, placeOrder),
        () => perSecond(many, client.append),
      );
      await Promise.all([client.close(), shop.close()]);
      return [
        { what: 'bare client: appends, 1 in flight', measured: one },
        { what: `bare client: appends, ${IN_FLIGHT} in flight`, measured: theirs, ratio: 1 },
        { what: `POST /orders, ${IN_FLIGHT} in flight`, measured: ours, ratio, wanted: '≥ 0.35' },
      ];
    }),
  );
}
