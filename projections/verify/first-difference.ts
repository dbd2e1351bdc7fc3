import type { Stored } from '../../read-store/read-store.ts';

/** Describes how a stored document differs from the expected one; undefined when they are equal. */
export const documentDifference = (expected: Stored<unknown>, actual: Stored<unknown>): string | undefined =>
  firstDifference(expected.body, actual.body) ??
  (expected.position === actual.position
    ? undefined
    : `it is at position ${actual.position}, should be at ${expected.position}`);

/** Describes the first field in which the actual value differs from the expected one; undefined when they are equal. */
function firstDifference(expected: unknown, actual: unknown, path = ''): string | undefined {
  if (Object.is(expected, actual)) return undefined;
  if (!isContainer(expected) || !isContainer(actual) || Array.isArray(expected) !== Array.isArray(actual))
    return `${path === '' ? 'it' : path} is ${textOf(actual)}, should be ${textOf(expected)}`;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const inner = path === '' ? name : `${path}.${name}`;
    const difference = firstDifference(expected[name], actual[name], inner);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function textOf(value: unknown): string {
  if (value === undefined) return 'absent';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
