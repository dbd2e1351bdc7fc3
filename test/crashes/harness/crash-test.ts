import { setMaxListeners } from 'node:events';
import { say } from '../../support/print-json.ts';
import { type Moments, momentsOfLeg } from '../../support/random-choices.ts';
import { reckon } from './checks/verify-system.ts';
import { kill, type Victim } from './kill-repeatedly.ts';
import { Customers } from './load/customers.ts';
import { BankCounter } from './payment-provider/payment-server.ts';
import { Fleet, type FleetOptions } from './processes/fleet.ts';

/** One system, with customers in it, whose processes are killed. */
export class Leg {
  readonly fleet: Fleet;
  readonly customers: Customers;
  /** Where all processes go for their payments. */
  readonly bank: BankCounter;
  /** The random choices of one purpose. */
  readonly moments: (purpose: string) => Moments;
  readonly #name: string;
  readonly #over: AbortController;
  readonly #began = performance.now();

  private constructor(
    name: string,
    moments: (purpose: string) => Moments,
    over: AbortController,
    fleet: Fleet,
    customers: Customers,
    bank: BankCounter,
  ) {
    this.#name = name;
    this.moments = moments;
    this.#over = over;
    this.fleet = fleet;
    this.customers = customers;
    this.bank = bank;
  }

  /** A system without any role yet. Prints the seed with which its moments can be had again. */
  static async open(name: string, options: FleetOptions = {}): Promise<Leg> {
    const moments = momentsOfLeg(name);
    const bank = await BankCounter.open(moments('bank'));
    const fleet = await Fleet.open({ ...options, settings: { ...bank.settings, ...options.settings } });
    const over = new AbortController();
    setMaxListeners(0, over.signal);
    const customers = new Customers({ place: fleet.place, moments: moments('customers'), over: over.signal });
    return new Leg(name, moments, over, fleet, customers, bank);
  }

  /** Kills, and resolves when all are ready again. */
  async kill(victims: readonly Victim[]): Promise<void> {
    await this.during(kill(victims, this.moments));
  }

  /** What the work comes to; throws as soon as a process ends by itself or a customer is answered what none should be. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    const never = new Promise<never>(() => {});
    return this.fleet.while(Promise.race([work, this.customers.content.then(() => never)]));
  }

  /** The customers leave, and everything must be right. Prints what it came to, and these figures. */
  async reckon(figures: object = {}): Promise<void> {
    await this.during(this.customers.leave());
    await this.fleet.ready();
    const reckoned = await this.fleet.while(reckon(this.fleet, this.customers, this.bank));
    const seconds = Math.round((performance.now() - this.#began) / 100) / 10;
    const { lostAnswers } = this.customers;
    const { askedAgain } = this.bank;
    say({
      leg: this.#name,
      kills: this.fleet.kills,
      ...reckoned,
      lostAnswers,
      askedAgain,
      ...figures,
      seconds,
    });
  }

  async end(): Promise<void> {
    this.#over.abort();
    await this.fleet.end();
    this.bank.close();
  }
}
