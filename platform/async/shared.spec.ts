import { expect, it, vi } from 'vitest';
import { shared } from './shared.ts';

it('what is under way is shared, and made anew for who asks later', async () => {
  const give: ((answer: string) => void)[] = [];
  const make = vi.fn(() => new Promise<string>((resolve) => give.push(resolve)));
  const ask = shared(make);
  const [one, other] = [ask(), ask()];
  give[0]?.('first');
  expect([await one, await other]).toEqual(['first', 'first']);

  const later = ask();
  give[1]?.('second');
  expect(await later).toBe('second');
  expect(make).toHaveBeenCalledTimes(2);
});

it('what fails fails for all who shared it, and for nobody later', async () => {
  let fails = true;
  const ask = shared(async () => {
    if (fails) throw new RangeError('away');
    return 'back';
  });
  const [one, other] = [ask(), ask()];
  await expect(one).rejects.toThrow('away');
  await expect(other).rejects.toThrow('away');
  fails = false;
  expect(await ask()).toBe('back');
});
