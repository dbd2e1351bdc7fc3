import type { Setting } from './settings.ts';

/** Returns the settings for a terminal, one line each. */
export function settingsHelp(settings: readonly Setting[]): string {
  const width = Math.max(...settings.map(({ name }) => name.length));
  return settings
    .map(
      ({ name, meaning, fallback, otherwise }) =>
        `  ${name.padEnd(width)}  ${meaning} (${fallback ?? otherwise})`,
    )
    .join('\n');
}
