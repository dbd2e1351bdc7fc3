import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomChoices } from '../../../support/random-choices.ts';
import {
  createRecordingPaymentProvider,
  type RecordingPaymentProvider,
} from '../../../support/recording-payment-provider.ts';
import type { OrderInLedger } from '../checks/ledger.ts';

/** Maximum time between moving the money and the response; the caller may be killed in between. */
const MAX_RESPONSE_MS = 60;
const SLOW_MS = 2_000;
const CALLS = { '/capture': 'capture', '/settle': 'settle', '/refund': 'refund' } as const;
const PRELOAD = new URL('./payment-client-preload.mjs', import.meta.url);

/** A payment provider over HTTP: its records survive the processes that call it. */
export class PaymentServer {
  /** Number of requests to capture a payment that was already captured. */
  repeatedCaptures = 0;
  readonly #provider: RecordingPaymentProvider = createRecordingPaymentProvider();
  readonly #server: Server;

  private constructor(random: RandomChoices) {
    this.#server = createServer((req, res) => {
      // The caller may be killed before it has sent its whole request.
      this.#respond(req, res, random).catch(() => res.destroy());
    });
  }

  async #respond(req: IncomingMessage, res: ServerResponse, random: RandomChoices): Promise<void> {
    const call = CALLS[req.url as keyof typeof CALLS];
    const request = (await json(req)) as { readonly orderId: string; readonly token?: string };
    const charged = this.#provider.payments.get(request.orderId)?.charged ?? 0;
    if (call === 'capture' && charged > 0) this.repeatedCaptures += 1;
    const result = await this.#provider[call](request as never);
    await sleep(request.token === 'tok_slow' ? SLOW_MS : random.below(MAX_RESPONSE_MS));
    res.end(JSON.stringify(result));
  }

  static async start(random: RandomChoices): Promise<PaymentServer> {
    const started = new PaymentServer(random);
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  /** Environment variables that make a process use this payment provider. */
  get settings(): NodeJS.ProcessEnv {
    const { port } = this.#server.address() as AddressInfo;
    return { PAYMENT_SERVER_URL: `http://127.0.0.1:${port}/`, NODE_OPTIONS: `--import=${PRELOAD.href}` };
  }

  /** Returns the differences between the provider's records and the events, and the invalid requests it received. */
  differences(orders: ReadonlyMap<string, OrderInLedger>): unknown[] {
    const { payments, invalidRequests } = this.#provider;
    const differing = [...new Set([...orders.keys(), ...payments.keys()])].flatMap((orderId) => {
      const provider = payments.get(orderId) ?? { charged: 0, refunded: 0 };
      const { captured = 0, refunded = 0 } = orders.get(orderId) ?? {};
      return provider.charged === captured && provider.refunded === refunded
        ? []
        : [{ orderId, provider, events: { captured, refunded } }];
    });
    return [...invalidRequests, ...differing];
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
