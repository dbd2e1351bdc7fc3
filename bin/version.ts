import { readFileSync } from 'node:fs';

/** Of the package, one folder above `dist`. */
export const version: string = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).version;
