import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedName } from './repeated-name.ts';

describe('the first name that appears twice in one object', () => {
  it.each([
    ['{"a":1,"a":1}', ['a']],
    ['{"a":1,"b":2,"a":3,"b":4}', ['a']],
    ['{"":1,"":2}', ['']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['{"\\"":1,"\\u0022":2}', ['"']],
    ['{"/":1,"\\/":2}', ['/']],
    ['{"\\\\":1,"\\u005c":2}', ['\\']],
    ['{"😀":1,"\\ud83d\\ude00":2}', ['😀']],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
    ['{ "a" : { "b" : [ 0, { "c" : 1 , "c" : 2 } ] } }', ['a', 'b', 1, 'c']],
    ['[[],[{"a":1}],{"a":{},"b":[1,2,3],"a":[]}]', [2, 'a']],
    ['{"a":{"a":1},"b":"\\\\","a":2}', ['a']],
    ['{"a":"{\\"a\\":1,","a":1}', ['a']],
  ])('is found in %s', (text, path) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(repeatedName(text)).toEqual(path);
  });

  it.each([
    '{}',
    '[]',
    '"a"',
    '1',
    'null',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"a","b":"a"}',
    '{"a":["a","a"],"A":1," a":1}',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"a":"\\\\","b":"\\\\\\"","c":","}',
    '{"é":1,"e\\u0301":2}',
  ])('is absent in %s', (text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(repeatedName(text)).toBeUndefined();
  });

  it('is absent in the output of JSON.stringify, and found once a member is added twice', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(repeatedName(text)).toBeUndefined();
      }),
    );
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (name, one, other) => {
        const member = (value: unknown) => `${JSON.stringify(name)}:${JSON.stringify(value)}`;
        const text = `[{"":0},{${member(one)},${member(other)}}]`;
        expect(repeatedName(text)).toEqual([1, name]);
      }),
    );
  });

  it('is searched in the same pass that reports each number with its path', () => {
    const numbers: unknown[] = [];
    const text = '{"a":[-1.50, 2E+3 ,{"b":0}],"4":"5","c":6\n}';
    repeatedName(text, (number, path) => numbers.push([number, path()]));
    expect(numbers).toEqual([
      ['-1.50', ['a', 0]],
      ['2E+3', ['a', 1]],
      ['0', ['a', 2, 'b']],
      ['6', ['c']],
    ]);
  });

  it.each(['"', '{"a', '"\\', ']}"', '\u0000"e'])(
    'is not looked for beyond the end of %j, which is not JSON',
    (text) => {
      expect(repeatedName(text)).toBeUndefined();
    },
  );

  it.each([
    ['one long text', JSON.stringify({ a: 'x'.repeat(1_000_000) })],
    ['one text of quotes', JSON.stringify({ a: '"'.repeat(500_000) })],
    ['one text of backslashes', JSON.stringify({ a: '\\'.repeat(500_000) })],
    ['lists in lists', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    ['objects in objects', `${'{"a":'.repeat(170_000)}0${'}'.repeat(170_000)}`],
    ['many empty objects', `[${'{},'.repeat(340_000)}0]`],
    ['numbers', `[${'0,'.repeat(500_000)}0]`],
  ])('in 1 MiB of %s is found or excluded in linear time', (_, text) => {
    const from = performance.now();
    expect(repeatedName(text)).toBeUndefined();
    // At most about 30 ms on an idle machine; quadratic time would be minutes.
    expect(performance.now() - from).toBeLessThan(3_000);
  });
});
