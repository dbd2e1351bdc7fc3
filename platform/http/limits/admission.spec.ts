import { describe, expect, it } from 'vitest';
import { Overloaded } from '../response/errors.ts';
import { Admission, type AdmissionLimits } from './admission.ts';

function admissionOf(limits: Partial<AdmissionLimits>) {
  let now = 0;
  const defaults = { maxInFlight: 1, maxQueued: 10, maxWaitMs: 60_000, shedAfterMs: 60_000 };
  const admission = new Admission({ ...defaults, ...limits }, () => now);
  return {
    admission,
    pass: (ms: number) => {
      now += ms;
    },
  };
}

/** Ends every request, so that the queue is empty and no timer runs. */
const leaveAll = (admission: Admission) => {
  while (admission.inFlight > 0) admission.leave();
};

describe('the admission of requests', () => {
  it('admits requests up to the maximum, and the others in the order of arrival', async () => {
    const { admission } = admissionOf({ maxInFlight: 2 });
    const entered: string[] = [];
    const enter = (name: string) => admission.enter().then(() => entered.push(name));
    await Promise.all([enter('a'), enter('b')]);
    const waiting = Promise.all([enter('c'), enter('d')]);
    expect([admission.inFlight, admission.waiting, entered]).toEqual([2, 2, ['a', 'b']]);
    admission.leave();
    admission.leave();
    await waiting;
    expect([admission.inFlight, admission.waiting, entered]).toEqual([2, 0, ['a', 'b', 'c', 'd']]);
    leaveAll(admission);
    expect(admission.inFlight).toBe(0);
  });

  it('rejects requests that have waited too long', async () => {
    const { admission, pass } = admissionOf({ maxWaitMs: 5 });
    await admission.enter();
    const waiting = admission.enter();
    pass(5);
    await expect(waiting).rejects.toBeInstanceOf(Overloaded);
    expect(admission.waiting).toBe(0);
    leaveAll(admission);
  });

  it('rejects requests at once while the queue is full', async () => {
    const { admission } = admissionOf({ maxQueued: 2 });
    await admission.enter();
    const others = [admission.enter(), admission.enter()];
    expect(admission.sheds()).toBe(true);
    await expect(admission.enter()).rejects.toBeInstanceOf(Overloaded);
    expect(admission.waiting).toBe(2);
    leaveAll(admission);
    await Promise.all(others);
    expect(admission.sheds()).toBe(false);
  });

  it('sheds load only while the first request of the queue has waited too long', async () => {
    const { admission, pass } = admissionOf({ shedAfterMs: 150 });
    await admission.enter();
    const first = admission.enter();
    pass(100);
    const second = admission.enter();
    expect(admission.sheds()).toBe(false);
    pass(51);
    expect(admission.sheds()).toBe(true);
    admission.leave();
    await first;
    expect(admission.sheds()).toBe(false);
    leaveAll(admission);
    await second;
  });

  it('admits requests at once while there is room, also when those in flight take long', async () => {
    const { admission, pass } = admissionOf({ maxInFlight: 2, shedAfterMs: 150 });
    await admission.enter();
    pass(10_000);
    expect(admission.sheds()).toBe(false);
    await admission.enter();
    leaveAll(admission);
  });
});
