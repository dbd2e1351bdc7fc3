import { type Command, Option } from 'commander';
import { addChange, addList, addQuery } from './options.ts';

const load = () => import('../payments/payments.ts');

/** Adds the commands about payments. */
export function addPaymentCommands(program: Command): void {
  const payments = program.command('payments').description('list, show and refund payments');

  addList(payments, 'list', 'list payments of one status, the one that changed longest ago first')
    .addOption(
      new Option('--status <status>', 'requested: the provider has not answered yet')
        .choices(['requested', 'captured', 'declined', 'failed', 'refunded'])
        .default('captured'),
    )
    .action(async (options) => (await load()).listPayments(options));

  addQuery(payments, 'show', 'show the payment of an order')
    .argument('<order>', 'the id of the order')
    .action(async (orderId, options) => (await load()).showPayment(orderId, options));

  addChange(payments, 'refund', 'pay the money of an order back')
    .argument('<order>', 'the id of the order')
    .requiredOption('--reason <text>', 'why')
    .action(async (orderId, options) => (await load()).refundPayment(orderId, options));
}
