import { expect, it } from 'vitest';
import { TooManyRequests } from '../response/errors.ts';
import { rateLimit } from './rate-limit.ts';

it('counts the requests of each caller', async () => {
  const count = rateLimit({ requests: 2, perSeconds: 60 });
  for (const caller of ['ann', 'bob', 'ann', 'bob']) await count(caller);

  await expect(count('ann')).rejects.toBeInstanceOf(TooManyRequests);
});

it('forgets who has not come for longest when there are more callers than it remembers', async () => {
  const count = rateLimit({ requests: 1, perSeconds: 60 }, { remember: 2 });
  for (const caller of ['ann', 'bob', 'cid']) await count(caller);

  await expect(count('cid')).rejects.toBeInstanceOf(TooManyRequests);
  await count('ann');
});
