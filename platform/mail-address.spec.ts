import { describe, expect, it } from 'vitest';
import { asciiMailAddress, domainOf } from './mail-address.ts';

describe('a mail address', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann.Lee+shop@Example.COM', 'Ann.Lee+shop@example.com'],
    ['ann@bücher.example', 'ann@xn--bcher-kva.example'],
    ['zoë@example.com', 'zoë@example.com'],
    ['ann@localhost', 'ann@localhost'],
  ])('%s has its domain in ASCII', (text, ascii) => {
    expect(asciiMailAddress(text)).toBe(ascii);
  });

  it.each([
    '',
    'ann',
    '@example.com',
    'ann@',
    'ann@exa mple.com',
    'ann@-example.com',
    'ann@@example.com',
    'ann@example.com\r\nBcc: eve@example.com',
    'ann\r\n@example.com',
    'ann@example.com>',
    '<ann@example.com',
    'ann,eve@example.com',
    'ann..lee@example.com',
    `${'a'.repeat(65)}@example.com`,
    `ann@${'a'.repeat(64)}.com`,
  ])('is not %j', (text) => {
    expect(asciiMailAddress(text)).toBeUndefined();
  });

  it('has the domain after its last @', () => {
    expect(domainOf('ann@shop.example')).toBe('shop.example');
  });
});
