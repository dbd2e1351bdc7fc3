// Runs after each build: links `orderstream` into node_modules/.bin, where npx finds it first. With a `bin` entry in
// package.json instead, npx would install the package into its cache for each checkout.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const folder = path('../node_modules/.bin');
mkdirSync(folder, { recursive: true });
chmodSync(path('../dist/bundle/orderstream.js'), 0o755);
rmSync(`${folder}/orderstream`, { force: true });
if (process.platform === 'win32') {
  writeFileSync(
    `${folder}/orderstream.cmd`,
    '@node --max-semi-space-size=32 --min-semi-space-size=32 "%~dp0\\..\\..\\dist\\bundle\\orderstream.js" %*\r\n',
  );
} else {
  symlinkSync('../../dist/bundle/orderstream.js', `${folder}/orderstream`);
}
