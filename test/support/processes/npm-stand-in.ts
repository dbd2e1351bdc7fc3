import process from 'node:process';

/** A stand-in for npm: it starts a program through a shell and passes no signal on. */
const NPM = `process.title = 'npm'; require('node:child_process').spawn('sh', ['-c', '"$@"; exit', 'sh', ...process.argv.slice(1)], {stdio: 'inherit'})`;

/** Returns the command line that runs a program as npm does; the program also needs `npm_command` in its environment. */
export const npmCommandLine = (commandLine: readonly string[]): string[] => [
  process.execPath,
  '-e',
  NPM,
  ...commandLine,
];
