import { CHILD_OPTION } from './child-option.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;
const leave = () => process.exit(0);

/** From now on signals are for somebody else. */
export function handOverSignals(): void {
  for (const signal of signals) process.off(signal, leave);
}

// A start that is stopped while its program is still being loaded has nothing to stop. A child ends by the signal itself, by which
// its parent knows that it was asked to.
if (process.argv[2] === 'start' && !process.argv.includes(CHILD_OPTION))
  for (const signal of signals) process.on(signal, leave);
