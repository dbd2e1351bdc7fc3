import { existsSync, readFileSync } from 'node:fs';

/** Of the package: its file is one folder above this one, or above `dist`. */
const file = ['../package.json', '../../package.json']
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));

export const version: string =
  file === undefined ? 'unknown' : JSON.parse(readFileSync(file, 'utf8')).version;
