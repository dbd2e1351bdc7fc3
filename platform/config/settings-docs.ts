import type { Setting } from './settings.ts';

const head = `# Configuration, read once from the environment. What is absent or empty has the value shown.
# Nothing reads this file by itself: \`set -a; . ./.env; set +a\` does.
`;

/** What `.env.example` holds: every setting, with what it means and takes. */
export const environmentExample = (settings: readonly Setting[]): string =>
  [head, ...settings.map(entry)].join('\n');

const entry = ({ name, meaning, allowed, fallback, otherwise }: Setting): string =>
  [
    `# ${sentence(meaning)}`,
    `# Allowed: ${allowed}.`,
    ...(otherwise === undefined ? [] : [`# When absent: ${otherwise}.`]),
    fallback === undefined ? `# ${name}=` : `${name}=${fallback}`,
    '',
  ].join('\n');

/** The same as a table in Markdown, for the README. */
export const settingsTable = (settings: readonly Setting[]): string =>
  [
    '| variable | default | meaning | allowed |',
    '| --- | --- | --- | --- |',
    ...settings.map(({ name, meaning, allowed, fallback, otherwise }) => {
      const absent = fallback === undefined ? otherwise : `\`${fallback}\``;
      return `| \`${name}\` | ${absent} | ${meaning} | ${allowed} |`;
    }),
    '',
  ].join('\n');

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** The same for a terminal, one line each. */
export const settingsHelp = (settings: readonly Setting[]): string => {
  const width = Math.max(...settings.map(({ name }) => name.length));
  return settings
    .map(
      ({ name, meaning, fallback, otherwise }) =>
        `  ${name.padEnd(width)}  ${meaning} (${fallback ?? otherwise})`,
    )
    .join('\n');
};
