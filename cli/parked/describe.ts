import type { ParkedStep } from './operator-api.ts';

const placeOf = ({ stream, revision }: ParkedStep): string =>
  revision === undefined ? stream : `${stream}@${revision}`;
const whatOf = ({ kind, type }: ParkedStep): string =>
  kind === 'deadline' && type !== undefined ? `wait for ${type}` : (type ?? kind);
const timesOf = (times: number): string => (times === 1 ? 'once' : `${times} times`);
/** A reason in one line: some quote what could not be read, over many. */
const shortly = (reason: string): string => reason.replace(/\s+/g, ' ').slice(0, 120);

/** A line for each, and one of how many there are. */
export function describeSteps(steps: readonly ParkedStep[]): string {
  if (steps.length === 0) return 'nothing is parked';
  const lines = steps.map((step) => {
    const status = step.status === 'parked' ? '' : ` (${step.status})`;
    return `${step.id}  ${step.at}  ${whatOf(step)} ${placeOf(step)}${status}: ${shortly(step.reason)}`;
  });
  return [...lines, `${steps.length} parked`].join('\n');
}

/** All that is known of one. */
export function describeStep(step: ParkedStep): string {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['id', step.id],
    ['what', `${whatOf(step)} at ${placeOf(step)}`],
    ['order', step.orderId],
    ['set aside by', step.group],
    ['set aside', `${timesOf(step.times)}, the last time at ${step.at}`],
    ['status', step.status],
    ['reason', step.reason],
  ];
  return rows
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(13)} ${value}`)
    .join('\n');
}
