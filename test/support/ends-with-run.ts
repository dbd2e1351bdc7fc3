// Run by every worker of vitest: one whose run was killed would go on with its test file, and with all that this has started.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
