import { readmes, writeReadme } from './readme.ts';

// npm run support-table
await writeReadme((await readmes()).updated);
process.exit();
