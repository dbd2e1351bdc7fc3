// Run after each build: puts `orderstream` where npx looks first. A `bin` entry in package.json would do
// for those who depend on this package; in the checkout itself npx would install the package into its cache at every new path.
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const folder = path('../node_modules/.bin');
mkdirSync(folder, { recursive: true });
chmodSync(path('../dist/bin/orderstream.js'), 0o755);
rmSync(`${folder}/orderstream`, { force: true });
if (process.platform === 'win32') {
  writeFileSync(
    `${folder}/orderstream.cmd`,
    '@node --max-semi-space-size=32 --min-semi-space-size=32 "%~dp0\\..\\..\\dist\\bin\\orderstream.js" %*\r\n',
  );
} else {
  symlinkSync('../../dist/bin/orderstream.js', `${folder}/orderstream`);
}
