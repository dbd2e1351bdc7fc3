import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const document = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');

/** Requirements of levels 1 and 2 in each section of ASVS 5.0.0. They have the first numbers of their section. */
const SECTIONS = {
  '6.1': 3,
  '6.2': 12,
  '6.3': 4,
  '6.4': 4,
  '6.5': 5,
  '6.6': 3,
  '6.8': 4,
  '7.1': 3,
  '7.2': 4,
  '7.3': 2,
  '7.4': 5,
  '7.5': 2,
  '7.6': 2,
  '9.1': 3,
  '9.2': 4,
} as const;
const FROM_LEVEL_3 = ['6.3.7', '6.3.8', '6.4.6'];

const required = Object.entries(SECTIONS).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
);

interface Row {
  readonly numbers: readonly string[];
  readonly state: string;
  readonly shownBy: string;
}

/** Returns the rows of the tables. A row may be about several requirements: "6.8.1 to 6.8.4". */
const rows = [
  ...document.matchAll(/^\| (\d\.\d\.\d+)(?: to \d\.\d\.(\d+))?[^|]* \|[^|]*\| ([^|]*) \|(.*)\|$/gm),
].map(([, first = '', last, state = '', shownBy = '']): Row => {
  const [chapter, section, from] = first.split('.').map(Number);
  const to = Number(last ?? from);
  const numbers = Array.from(
    { length: to - Number(from) + 1 },
    (_, index) => `${chapter}.${section}.${Number(from) + index}`,
  );
  return { numbers, state, shownBy: shownBy.trim() };
});

describe('the tables of the ASVS in docs/security.md', () => {
  it('have each requirement of levels 1 and 2, and those of level 3 that we follow, once', () =>
    expect(rows.flatMap(({ numbers }) => numbers).sort()).toEqual([...required, ...FROM_LEVEL_3].sort()));

  it('name a spec for each requirement that holds', () => {
    const holding = rows.filter(({ state }) => state === 'holds');
    expect(holding.filter(({ shownBy }) => !/`[\w./-]+\.spec\.ts`/.test(shownBy))).toEqual([]);
  });

  it('give a reason for each requirement that does not hold, or holds without a test', () => {
    const others = rows.filter(({ state }) => ['by design', 'partly', 'no', '–'].includes(state));
    expect(others.filter(({ shownBy }) => shownBy === '')).toEqual([]);
  });

  it('have only the states that the document explains', () => {
    const states = new Set(['holds', 'by design', 'partly', 'no', 'not yet', '–']);
    expect(rows.map(({ state }) => state).filter((state) => !states.has(state))).toEqual([]);
  });
});
