// Setup file of every vitest worker: it runs before each test file, and its import only before the first.
import './kill-worker.ts';
