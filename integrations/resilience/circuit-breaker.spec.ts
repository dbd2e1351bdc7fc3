import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CircuitBreaker } from './circuit-breaker.ts';
import { defaultResilience } from './resilient-calls.ts';

const settings = {
  ...defaultResilience.circuit,
  openMs: 2_000,
  probes: 3,
  maxWaitMs: 10_000,
  windowMs: 10_000,
};
const payer = (n: number) => ({ customer: `customer ${n}`, token: `token ${n}` });

/** Returns a circuit that failures of three customers with three tokens have opened. */
function opened(): CircuitBreaker {
  const circuit = new CircuitBreaker(settings);
  for (let n = 0; n < 3; n += 1) circuit.leave(payer(n), 'failed');
  expect(circuit.state).toBe('open');
  return circuit;
}

/** Returns the customers whose calls were permitted so far. */
function entering(circuit: CircuitBreaker, ...customers: readonly number[]) {
  const letIn: (readonly [number, boolean])[] = [];
  for (const n of customers) void circuit.enter(payer(n)).then((mayCall) => letIn.push([n, mayCall]));
  return letIn;
}

describe('a circuit breaker', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('opens when the calls of several customers with several tokens fail, and none succeeds', () => {
    const circuit = new CircuitBreaker(settings);
    for (const n of [1, 2]) circuit.leave(payer(n), 'failed');
    expect(circuit.state).toBe('closed');
    circuit.leave(payer(3), 'failed');
    expect(circuit.state).toBe('open');
  });

  it('stays closed when only one customer fails, however often', () => {
    const circuit = new CircuitBreaker(settings);
    for (let n = 0; n < 500; n += 1) circuit.leave({ customer: 'ann', token: `token ${n}` }, 'failed');
    expect(circuit.state).toBe('closed');
  });

  it('stays closed when only one token fails, for any number of customers', () => {
    const circuit = new CircuitBreaker(settings);
    for (let n = 0; n < 500; n += 1) circuit.leave({ customer: `${n}`, token: 'tok_down' }, 'failed');
    expect(circuit.state).toBe('closed');
  });

  it('stays closed while more than a tenth of the customers succeed', () => {
    const circuit = new CircuitBreaker(settings);
    for (let n = 0; n < 3; n += 1) circuit.leave(payer(100 + n), 'succeeded');
    for (let n = 0; n < 20; n += 1) circuit.leave(payer(n), 'failed');
    expect(circuit.state).toBe('closed');
  });

  it('opens when the last success is older than its window', async () => {
    const circuit = new CircuitBreaker(settings);
    for (let n = 0; n < 3; n += 1) circuit.leave(payer(100 + n), 'succeeded');
    await vi.advanceTimersByTimeAsync(10_001);
    for (let n = 0; n < 3; n += 1) circuit.leave(payer(n), 'failed');
    expect(circuit.state).toBe('open');
  });

  it('counts only customers when calls name no token', () => {
    const circuit = new CircuitBreaker(settings);
    for (let n = 0; n < 3; n += 1) circuit.leave({ customer: `${n}` }, 'failed');
    expect(circuit.state).toBe('open');
  });

  it('does not count calls that their caller aborted', () => {
    const circuit = new CircuitBreaker(settings);
    for (let n = 0; n < 20; n += 1) circuit.leave(payer(n), 'given-up');
    expect(circuit.state).toBe('closed');
  });

  it('delays calls while it is open, and then permits some concurrent calls, one per customer', async () => {
    const circuit = opened();
    const letIn = entering(circuit, 1, 1, 2, 3, 4);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(letIn).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(circuit.state).toBe('half-open');
    expect(letIn).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
  });

  it('closes with the first call that succeeds', async () => {
    const circuit = opened();
    const letIn = entering(circuit, 1, 1, 2, 3, 4);
    await vi.advanceTimersByTimeAsync(2_000);
    circuit.leave(payer(2), 'succeeded');
    await vi.advanceTimersByTimeAsync(0);
    expect(circuit.state).toBe('closed');
    expect(letIn).toHaveLength(5);
  });

  it('opens again when several customers fail, and permits more calls while only one fails', async () => {
    const circuit = opened();
    const letIn = entering(circuit, 1, 2, 3, 4);
    await vi.advanceTimersByTimeAsync(2_000);
    circuit.leave(payer(1), 'failed');
    await vi.advanceTimersByTimeAsync(0);
    expect(letIn.map(([n]) => n)).toEqual([1, 2, 3, 4]);
    circuit.leave(payer(2), 'failed');
    circuit.leave(payer(3), 'failed');
    expect(circuit.state).toBe('open');
  });

  it('delays a call for at most the maximum wait, and only until its caller aborts', async () => {
    const circuit = new CircuitBreaker({ ...settings, openMs: 60_000 });
    for (let n = 0; n < 3; n += 1) circuit.leave(payer(n), 'failed');
    const caller = new AbortController();
    const aborted = circuit.enter(payer(1), caller.signal);
    caller.abort();
    expect(await aborted).toBe(false);
    const late = circuit.enter(payer(1));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await late).toBe(false);
  });
});
