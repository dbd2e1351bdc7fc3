import { CHILD_OPTION } from './child-option.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;
const leave = () => process.exit(0);

/** Stops handling signals: the program handles them from now on. */
export function releaseSignals(): void {
  for (const signal of signals) process.off(signal, leave);
}

// While the program is still being loaded, there is nothing to stop. A child then ends by the signal itself, which
// tells its parent that the end was requested.
if (process.argv[2] === 'start' && !process.argv.includes(CHILD_OPTION))
  for (const signal of signals) process.on(signal, leave);
