import { expect, it } from 'vitest';
import { TooManyRequests } from '../response/errors.ts';
import { rateLimit } from './rate-limit.ts';

it('the rate limit counts the requests of each caller separately', async () => {
  const count = rateLimit({ requests: 2, perSeconds: 60 });
  for (const caller of ['ann', 'bob', 'ann', 'bob']) await count(caller);

  await expect(count('ann')).rejects.toBeInstanceOf(TooManyRequests);
});

it('the rate limit forgets the caller that has been idle for longest when it counts too many callers', async () => {
  const count = rateLimit({ requests: 1, perSeconds: 60 }, { remember: 2 });
  for (const caller of ['ann', 'bob', 'cid']) await count(caller);

  await expect(count('cid')).rejects.toBeInstanceOf(TooManyRequests);
  await count('ann');
});
