import type { RequestListener } from 'node:http';
import type { CommandHandler } from '../command-handling/command-handler.ts';
import type { KeyedCommands } from '../command-handling/keyed-commands.ts';
import { CustomerId } from '../domain/kernel/ids.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { PaymentProvider } from '../integrations/payments/payment-provider.ts';
import { type ApiOptions, createApi } from '../platform/http/create-api.ts';
import { readyWhenOk } from '../platform/http/health.ts';
import { itemRoutes } from './items/items.ts';
import { stockRoutes } from './items/stock.ts';
import { orderRoutes } from './orders/orders.ts';
import type { Prices } from './orders/prices.ts';
import { parkedRoutes } from './parked/parked.ts';
import { paymentRoutes } from './payments/payments.ts';
import { tryingRefund } from './payments/try-refund.ts';
import { performing } from './perform.ts';
import { commandProblems } from './problem-rows.ts';
import { shipmentRoutes } from './shipments/shipments.ts';

export interface CommandApiOptions
  extends Pick<
    ApiOptions,
    'version' | 'secret' | 'tokenIssuer' | 'tokenAudience' | 'logger' | 'metrics' | 'rateLimit'
  > {
  readonly handler: CommandHandler;
  readonly keyed: KeyedCommands;
  readonly store: EventStore;
  /** Check of the event store for health: `ok`, or a sentence. */
  readonly eventStore: () => string;
  readonly prices: Prices;
  readonly payments: Pick<PaymentProvider, 'refund'>;
  readonly clock: () => Date;
  /** How long a refund may take before it is answered as under way; 2 s. */
  readonly refundWithinMs?: number;
}

/** The command API: to be given to `listen`. */
export function createCommandApi(options: CommandApiOptions): RequestListener {
  const { handler, keyed, store, eventStore, prices, payments, ...others } = options;
  const { clock, refundWithinMs = 2_000, ...ofApi } = others;
  const { logger } = ofApi;
  const perform = performing(keyed);
  const tryRefund = tryingRefund({ payments, handler, clock, logger, withinMs: refundWithinMs });
  return createApi({
    ...ofApi,
    subject: CustomerId,
    title: 'Orderstream command API',
    description:
      'Places orders, keeps items and their stock, ships and refunds. Every response has the revision of the stream that the command writes, and its log position: a query with this Orderstream-Min-Position reads the written state. Amounts are integers in minor units (pence, cents). With an Idempotency-Key a command can be sent again safely.',
    routes: [
      // The router tries one after another: what is asked most comes first.
      ...orderRoutes({ handler, store, prices, perform, clock }),
      ...itemRoutes({ handler, store, prices, perform }),
      ...stockRoutes({ handler, store, prices, perform }),
      ...shipmentRoutes({ handler, store, perform, clock }),
      ...paymentRoutes({ handler, store, perform, tryRefund, clock }),
      ...parkedRoutes({ handler, perform, clock }),
    ],
    problems: commandProblems,
    // Commands need the event store and nothing else.
    ready: async () => readyWhenOk({ eventStore: eventStore() }),
  });
}
