import { createRequire } from 'node:module';
import { read } from './dockerfile.ts';

type Ignore = () => { add(patterns: readonly string[]): { ignores(path: string): boolean } };
// The package has no types.
const ignore = createRequire(import.meta.url)('@balena/dockerignore') as Ignore;

const file = ignore().add(read('.dockerignore').split('\n'));

/** Returns whether a file of the checkout is part of the build context. */
export const isSent = (path: string): boolean => !file.ignores(path);
