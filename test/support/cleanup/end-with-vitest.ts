// Setup file of every vitest worker. Without it, a worker whose run was killed would continue its test file.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
