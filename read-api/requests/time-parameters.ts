import { z } from 'zod';

const DATE = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const CLOCK = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const TIME = new RegExp(`^(${DATE})(?:T(${CLOCK}(?::[0-5]\\d)?)(?:\\.(\\d{1,9}))?(Z|[+-]${CLOCK}))?$`);

const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

const sentence =
  'must be an ISO 8601 time with its zone, such as 2026-01-31T12:00:00Z or 2026-01-31T13:00:00%2B01:00, or a day';

/** Schema of an ISO 8601 time with its zone, or a day (its beginning in UTC). Rounds up to milliseconds. */
export const Time = z.string().transform((text, context): number => {
  const milliseconds = millisecondsOf(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: 'custom', message: sentence, input: text });
  return z.NEVER;
});

function millisecondsOf(text: string): number | undefined {
  const [, date, clock = '00:00', fraction = '', zone = 'Z'] = TIME.exec(text) ?? [];
  if (date === undefined) return undefined;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  // `Date.parse` would move a day such as 30 February into the next month.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date)) return undefined;
  const wholeSeconds = Date.parse(`${date}T${clock}${zone}`);
  const nanoseconds = Number(fraction.padEnd(9, '0'));
  return Math.min(LAST, Math.max(FIRST, wholeSeconds + Math.ceil(nanoseconds / 1_000_000)));
}

/** Returns inclusive bounds, in the time format of documents, of the span from `from` up to but without `to`. */
export const boundsOf = ({
  from,
  to,
}: {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}) => ({
  from: from === undefined ? undefined : new Date(from).toISOString(),
  to: to === undefined ? undefined : new Date(to - 1).toISOString(),
});
