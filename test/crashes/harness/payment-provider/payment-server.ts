import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Moments } from '../../../support/random-choices.ts';
import { type Bank, openBank } from '../../../support/recording-payment-provider.ts';
import type { OrderInLedger } from '../checks/ledger.ts';

/** The money moves first; whoever asked may be dead by the time that the bank says so. */
const ANSWERS_WITHIN_MS = 60;
const SLOW_MS = 2_000;
const CALLS = { '/capture': 'capture', '/settle': 'settle', '/refund': 'refund' } as const;
const PRELOAD = new URL('./payment-client-preload.mjs', import.meta.url);

/** A bank that processes ask over HTTP: its books outlive them. */
export class BankCounter {
  /** How often it was asked for a charge that it had made already. */
  askedAgain = 0;
  readonly #bank: Bank = openBank();
  readonly #server: Server;

  private constructor(moments: Moments) {
    this.#server = createServer((req, res) => {
      // Who asks may be killed before all of it was said.
      this.#answer(req, res, moments).catch(() => res.destroy());
    });
  }

  async #answer(req: IncomingMessage, res: ServerResponse, moments: Moments): Promise<void> {
    const call = CALLS[req.url as keyof typeof CALLS];
    const request = (await json(req)) as { readonly orderId: string; readonly token?: string };
    const charged = this.#bank.accounts.get(request.orderId)?.charged ?? 0;
    if (call === 'capture' && charged > 0) this.askedAgain += 1;
    const answer = await this.#bank[call](request as never);
    await sleep(request.token === 'tok_slow' ? SLOW_MS : moments.below(ANSWERS_WITHIN_MS));
    res.end(JSON.stringify(answer));
  }

  static async open(moments: Moments): Promise<BankCounter> {
    const counter = new BankCounter(moments);
    counter.#server.listen(0, '127.0.0.1');
    await once(counter.#server, 'listening');
    return counter;
  }

  /** With which a process comes here for its payments. */
  get settings(): NodeJS.ProcessEnv {
    const { port } = this.#server.address() as AddressInfo;
    return { BANK_URL: `http://127.0.0.1:${port}/`, NODE_OPTIONS: `--import=${PRELOAD.href}` };
  }

  /** What its books and the events say differently of an order, and what nobody should have asked for. */
  differences(orders: ReadonlyMap<string, OrderInLedger>): unknown[] {
    const { accounts, complaints } = this.#bank;
    const differing = [...new Set([...orders.keys(), ...accounts.keys()])].flatMap((orderId) => {
      const { charged = 0, refunded: returned = 0 } = accounts.get(orderId) ?? {};
      const { captured = 0, refunded = 0 } = orders.get(orderId) ?? {};
      return charged === captured && returned === refunded
        ? []
        : [{ orderId, charged, captured, returned, refunded }];
    });
    return [...complaints, ...differing];
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
