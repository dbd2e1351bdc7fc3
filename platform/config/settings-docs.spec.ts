import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settings } from './settings.ts';
import { environmentExample, settingsTable } from './testing/settings-docs.ts';

it('.env.example lists every setting with its meaning, default and allowed values', () => {
  const file = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  expect(file).toBe(environmentExample(Object.values(settings)));
});

it('the README has the same list as a table', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(settingsTable(Object.values(settings)));
});

it('the generated table has one row for each setting', () => {
  expect(settingsTable([settings.commandPort, settings.jwtSecret])).toBe(
    '| variable | default | meaning | allowed |\n' +
      '| --- | --- | --- | --- |\n' +
      '| `COMMAND_PORT` | `3001` | port of the command API; 0 for any free port | a whole number from 0 to 65535 |\n' +
      '| `JWT_SECRET` | created and stored in DATA_DIR when all addresses are loopback; else required | ' +
      'the secret that signs tokens (HS256) | at least 32 bytes |\n',
  );
});
