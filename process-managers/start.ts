import type { FulfilmentPolicy } from '../domain/fulfilment/policy.ts';
import type { Carrier } from '../integrations/carrier/carrier.ts';
import type { Mailer } from '../integrations/mail/mailer.ts';
import type { PaymentProvider } from '../integrations/payments/payment-provider.ts';
import type { KeyStore } from '../key-store/key-store.ts';
import { accountMails } from './account-mails/account-mails.ts';
import { type EngineOptions, type RunningEngine, startEngine } from './engine/start-engine.ts';
import { forgetting, withKeyDestruction } from './forgetting/forgetting.ts';
import { fulfilment } from './fulfilment/fulfilment.ts';
import { openingStock } from './opening-stock/opening-stock.ts';

export interface ProcessManagersOptions extends EngineOptions {
  readonly payments: PaymentProvider;
  readonly carrier: Carrier;
  readonly mailer: Mailer;
  readonly keyStore: KeyStore;
  /** The address of the shop in the links of mails, without a slash at its end. */
  readonly publicUrl: string;
  readonly policy: FulfilmentPolicy;
}

/** Starts every process manager of the system. Any number of processes may do so at once. */
export const startProcessManagers = (options: ProcessManagersOptions): RunningEngine =>
  startEngine(options, (create) => [
    create(fulfilment(options)),
    create(openingStock),
    create(accountMails(options)),
    withKeyDestruction(create(forgetting), options.keyStore),
  ]);
