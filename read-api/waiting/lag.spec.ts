import { expect, it } from 'vitest';
import { Lag } from './lag.ts';

it('the lag of a read model is the time since another model was ahead, until this one has caught up', () => {
  let now = 1_000;
  const lag = new Lag(() => now);
  lag.setConnected(true);
  lag.advance('orders', 100n);
  lag.advance('items', 100n);
  now = 2_000;
  lag.advance('orders', 200n);
  now = 2_500;
  lag.advance('items', 150n);

  expect([lag.of('orders'), lag.of('items')]).toEqual([0, 500]);
  lag.advance('items', 200n);
  expect(lag.of('items')).toBe(0);
});

it('the lag of a read model is the time since the feed became silent', () => {
  let now = 1_000;
  const lag = new Lag(() => now);
  now = 1_250;
  expect(lag.of('orders')).toBe(250);
  lag.setConnected(true);
  expect(lag.of('orders')).toBe(0);
  lag.setConnected(false);
  now = 1_300;
  lag.setConnected(false);
  expect(lag.of('orders')).toBe(50);
});
