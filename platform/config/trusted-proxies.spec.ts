import { expect, it } from 'vitest';
import { trustedProxiesOf } from './trusted-proxies.ts';

it('takes IP addresses and networks', () => {
  expect(trustedProxiesOf('10.0.0.0/8, 192.0.2.7,2001:db8::/32')).toEqual([
    '10.0.0.0/8',
    '192.0.2.7',
    '2001:db8::/32',
  ]);
});

it.each(['proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0', '', '10.0.0.1,', 'loopback'])(
  'takes no %j',
  (list) => {
    expect(trustedProxiesOf(list)).toBeUndefined();
  },
);
