// Many objects whose alarms are due at the same moment.
import { DurableObject } from 'cloudflare:workers';

const BATCH = 100;

// Of those set last: all objects of this Worker share its memory.
let due = 0;
let expected = 0;
let lateness = [];

export class Timed extends DurableObject {
  set(at) {
    return this.ctx.storage.setAlarm(at);
  }

  alarm() {
    lateness.push(Date.now() - due);
  }
}

/** Alarms of objects `from` to `to`, at `at`; those of the first object begin a new count. */
async function set(namespace, [from, to, at]) {
  if (from === 0) [due, expected, lateness] = [at, 0, []];
  expected = to;
  for (let first = from; first < to; first += BATCH) {
    const length = Math.min(BATCH, to - first);
    await Promise.all(
      Array.from({ length }, (_, i) => namespace.getByName(`timed-${first + i}`).set(at)),
    );
  }
  return Response.json({});
}

function state() {
  if (lateness.length < expected) return Response.json({ fired: lateness.length });
  const sorted = lateness.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return Response.json({ fired: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) });
}

/** `/alarms/set-<from>-<to>-<at>`; `/alarms/state` until all have run. */
export function alarms(_request, { TIMED }, name) {
  return name === 'state' ? state() : set(TIMED, name.split('-').slice(1).map(Number));
}
