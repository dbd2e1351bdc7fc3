import { setImmediate as turnOver } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Admission, type AdmissionLimits } from './admission.ts';
import { Overloaded } from './errors.ts';

function admissionOf(limits: Partial<AdmissionLimits>) {
  let now = 0;
  const generous = { atOnce: 1, waiting: 10, patienceMs: 60_000, standingMs: 60_000, turnMs: 60_000 };
  const admission = new Admission({ ...generous, ...limits }, () => now);
  return {
    admission,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** Ends a test with nobody in line, and no timer. */
const leaveAll = (admission: Admission) => {
  while (admission.inFlight > 0) admission.leave();
};

describe('requests', () => {
  test('are let in up to so many, and the others in the order they came', async () => {
    const { admission } = admissionOf({ atOnce: 2 });
    const entered: string[] = [];
    const come = (name: string) => admission.enter().then(() => entered.push(name));
    await Promise.all([come('a'), come('b')]);
    const waiting = Promise.all([come('c'), come('d')]);
    expect([admission.inFlight, admission.waiting, entered]).toEqual([2, 2, ['a', 'b']]);
    admission.leave();
    admission.leave();
    await waiting;
    expect([admission.inFlight, admission.waiting, entered]).toEqual([2, 0, ['a', 'b', 'c', 'd']]);
    leaveAll(admission);
    expect(admission.inFlight).toBe(0);
  });

  test('are refused when they have waited too long', async () => {
    const { admission, pass } = admissionOf({ patienceMs: 5 });
    await admission.enter();
    const waiting = admission.enter();
    pass(5);
    await expect(waiting).rejects.toBeInstanceOf(Overloaded);
    expect(admission.waiting).toBe(0);
    leaveAll(admission);
  });

  test('are refused at once while the line is long, or stands', async () => {
    const { admission, pass } = admissionOf({ waiting: 2, standingMs: 100 });
    await admission.enter();
    const first = admission.enter();
    expect(() => admission.look()).not.toThrow();
    pass(101);
    expect(() => admission.look()).toThrow(Overloaded);
    admission.leave();
    await first;
    const others = [admission.enter(), admission.enter()];
    expect(() => admission.look()).toThrow(Overloaded);
    leaveAll(admission);
    await Promise.all(others);
    expect(() => admission.look()).not.toThrow();
  });

  test('are refused while a turn of the event loop has begun many for too long, and taken again in the next', async () => {
    const { admission, pass } = admissionOf({ turnMs: 100 });
    for (let request = 0; request < 50; request++) admission.look();
    pass(101);
    expect(() => admission.look()).toThrow(Overloaded);
    await turnOver();
    expect(() => admission.look()).not.toThrow();
  });

  test('are taken after a turn that was long, but not for their number', () => {
    const { admission, pass } = admissionOf({ turnMs: 100 });
    admission.look();
    pass(5_000);
    expect(() => admission.look()).not.toThrow();
  });
});
