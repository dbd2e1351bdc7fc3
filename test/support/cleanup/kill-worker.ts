// Without this, a worker whose run was killed would continue its test file.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
