// node deploy/health.mjs [ROLE…]: exits with 0 when these roles of this container are ready; default: both APIs and the gateway.
const PORTS = {
  'write-side': 'COMMAND_PORT',
  'read-api': 'QUERY_PORT',
  'process-managers': 'PROCESS_MANAGERS_PORT',
  projections: 'PROJECTIONS_PORT',
  gateway: 'GATEWAY_PORT',
};
const LIMIT_MS = 4_000;

const named = process.argv.slice(2);
const answers = await Promise.all(
  (named.length === 0 ? ['write-side', 'read-api', 'gateway'] : named).map(ask),
);
for (const { role, text } of answers) process.stdout.write(`${role}: ${text}\n`);
process.exitCode = answers.every(({ ready }) => ready) ? 0 : 1;

async function ask(role) {
  const port = process.env[PORTS[role]];
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    return { role, ready: answer.ok, text: await answer.text() };
  } catch (error) {
    return { role, ready: false, text: `port ${port}: ${error.cause?.message ?? error.message}` };
  }
}
