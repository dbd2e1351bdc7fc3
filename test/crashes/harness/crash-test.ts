import { setMaxListeners } from 'node:events';
import { printJson } from '../../support/print-json.ts';
import { createRandomChoices, type RandomChoices } from '../../support/random-choices.ts';
import { verifySystem } from './checks/verify-system.ts';
import { type KillTarget, killRepeatedly } from './kill-repeatedly.ts';
import { Customers } from './load/customers.ts';
import { PaymentServer } from './payment-provider/payment-server.ts';
import { Fleet, type FleetOptions } from './processes/fleet.ts';

interface Parts {
  readonly name: string;
  readonly random: (purpose: string) => RandomChoices;
  readonly stopping: AbortController;
  readonly fleet: Fleet;
  readonly customers: Customers;
  readonly paymentServer: PaymentServer;
}

/** A system with customers, whose processes are killed. */
export class CrashTest {
  readonly fleet: Fleet;
  readonly customers: Customers;
  /** The payment provider of all processes. */
  readonly paymentServer: PaymentServer;
  /** Returns the random choices of one purpose. */
  readonly random: (purpose: string) => RandomChoices;
  readonly #name: string;
  readonly #stopping: AbortController;
  readonly #startedAt = performance.now();

  private constructor({ name, random, stopping, fleet, customers, paymentServer }: Parts) {
    this.#name = name;
    this.random = random;
    this.#stopping = stopping;
    this.fleet = fleet;
    this.customers = customers;
    this.paymentServer = paymentServer;
  }

  /** Creates a system without any role yet. Prints the seed that repeats its random choices. */
  static async create(name: string, options: FleetOptions = {}): Promise<CrashTest> {
    const random = createRandomChoices(name);
    const paymentServer = await PaymentServer.start(random('payment provider'));
    const settings = { ...paymentServer.settings, ...options.settings };
    const fleet = await Fleet.create({ ...options, settings });
    const stopping = new AbortController();
    setMaxListeners(0, stopping.signal);
    const { environment } = fleet;
    const customers = new Customers({ environment, random: random('customers'), signal: stopping.signal });
    return new CrashTest({ name, random, stopping, fleet, customers, paymentServer });
  }

  /** Kills the targets repeatedly. Resolves when all are ready again. */
  async kill(targets: readonly KillTarget[]): Promise<void> {
    await this.during(killRepeatedly(targets, this.random));
  }

  /** Returns the result of the work. Throws as soon as a process exits unexpectedly or a customer gets a wrong response. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    const never = new Promise<never>(() => {});
    return this.fleet.while(Promise.race([work, this.customers.failure.then(() => never)]));
  }

  /** Waits until the customers have finished, then verifies the whole system. Prints the figures of the test. */
  async verify(figures: object = {}): Promise<void> {
    await this.during(this.customers.finish());
    await this.fleet.ready();
    const verified = await this.fleet.while(verifySystem(this.fleet, this.customers, this.paymentServer));
    const seconds = Math.round((performance.now() - this.#startedAt) / 100) / 10;
    const { lostResponses } = this.customers;
    const { repeatedCaptures } = this.paymentServer;
    const { kills } = this.fleet;
    printJson({ test: this.#name, kills, ...verified, lostResponses, repeatedCaptures, ...figures, seconds });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.fleet.stop();
    this.paymentServer.close();
  }
}
