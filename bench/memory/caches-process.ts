import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import type { ExternalCall } from '../../domain/fulfilment/waits.ts';
import { type OrderId, productId } from '../../domain/kernel/ids.ts';
import { silent } from '../../event-store/logger.ts';
import { idOfStream } from '../../event-store/stream-name.ts';
import { simulatedPayments } from '../../integrations/payments/simulated-payments.ts';
import { rateLimit } from '../../platform/http/limits/rate-limit.ts';
import { secretKey } from '../../platform/http/tokens/secret-key.ts';
import { createTokenVerifier } from '../../platform/http/tokens/tokens.ts';
import { createExternalCalls } from '../../process-managers/engine/calls/external-calls.ts';
import { defaultConcurrency } from '../../process-managers/engine/start-engine.ts';
import { createJudge } from '../../process-managers/engine/verdicts.ts';
import { lanesOf } from '../../process-managers/fulfilment/lanes.ts';
import { createPriceCache } from '../../write-side/items/price-cache.ts';
import { serveRequests } from '../harness/bench-process.ts';
import { createFakeEventStore, never } from './fake-event-store.ts';
import { heapUseOf } from './heap.ts';
import { largeReason, largeSub, largestProduct, largestProductId } from './largest-inputs.ts';

// Caches other than that of states, each filled beyond its limit with the largest inputs.

const id = (number: number) => `${number}`.padEnd(64, 'x') as OrderId;

const prices = async () => {
  const store = createFakeEventStore((stream) => [largestProduct(idOfStream(stream))]);
  const cache = createPriceCache({ store, logger: silent, signal: new AbortController().signal });
  while (!cache.isFollowing()) await new Promise(setImmediate);
  for (let number = 0; number < 110_000; number++) await cache.find(productId(largestProductId(number)));
  return cache;
};

/** Tokens so long that the cache also reaches its limit of characters. */
const tokens = () => {
  const secret = secretKey('0123456789abcdef0123456789abcdef');
  const verify = createTokenVerifier(secret);
  const groups = 'g'.repeat(380);
  for (let number = 0; number < 11_000; number++) {
    const sub = `${number}`.padEnd(largeSub.length, 'x');
    verify(jwt.sign({ sub, groups, role: 'customer' }, secret, { algorithm: 'HS256', expiresIn: '1h' }));
  }
  return verify;
};

const callers = async () => {
  const count = rateLimit({ requests: 10, perSeconds: 86_400 });
  for (let number = 0; number < 110_000; number++) await count(`${number}`.padEnd(largeSub.length, 'x'));
  return count;
};

const providerPayments = async () => {
  const provider = simulatedPayments();
  for (let number = 0; number < 110_000; number++)
    await provider.settle({
      orderId: id(number),
      customerId: id(number) as never,
      reason: 'the payment provider gave no answer in time',
    });
  return provider;
};

/** For three groups, for replays and for timeouts. */
const failures = () =>
  Array.from({ length: 5 }, () => {
    const { failed } = createJudge();
    for (let number = 0; number < 11_000; number++) failed(randomUUID(), new Error('some reason'));
    return failed;
  });

const calls = () => {
  const { calls: maxRunning, callsWaiting: maxWaiting } = defaultConcurrency;
  const cache = createExternalCalls<ExternalCall>({
    make: () => never,
    lanesOf,
    maxRunning,
    maxWaiting,
    logger: silent,
  });
  for (let number = 0; number < maxRunning + maxWaiting; number++) {
    const orderId = id(number);
    const reason = JSON.parse(JSON.stringify(`${number} ${largeReason.slice(12)}`));
    const amount = { amount: 9_000_000_000_000 + number, currency: 'GBP' } as never;
    const refund = { type: 'RefundPayment', orderId, customerId: orderId as never, amount, reason } as const;
    const timeout = {
      timeoutId: `${orderId}-1`,
      waitingFor: 'refund',
      attempt: 1,
      dueAt: '2026-01-05T10:00:00.000Z',
    };
    cache.request(orderId, { calls: [refund], timeout }, { id: `${number}` });
  }
  return cache;
};

serveRequests(async () => [
  await heapUseOf('names and prices of 100,000 products', prices),
  await heapUseOf('tokens, 8 Mi characters in all', tokens),
  await heapUseOf('100,000 callers whose requests are counted', callers),
  await heapUseOf('payments of the simulated provider, 100,000 orders', providerPayments),
  await heapUseOf('10,000 failures counted, five times', failures),
  await heapUseOf('256 external calls, 20,000 waiting', calls),
]);
