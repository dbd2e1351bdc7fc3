import type { Setting } from '../settings.ts';

const head = `# Configuration. Each process reads it once from the environment; an absent or empty variable has the default shown here.
# No process reads this file: load it with \`set -a; . ./.env; set +a\`.
`;

/** Returns the content of `.env.example`: every setting with its meaning and its allowed values. */
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

/** Returns the settings as a Markdown table, for the README. */
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
