// Timers whose handles are objects.
import { DurableObject } from 'cloudflare:workers';
import { answer } from '../probe.js';
import { timerProbes } from '../timer-probes.js';

export class Probe extends DurableObject {
  fetch(request) {
    return answer(timerProbes, request, this);
  }
}

export default {
  fetch(request, env) {
    const isOwn = new URL(request.url).searchParams.has('worker');
    return isOwn ? answer(timerProbes, request) : env.PROBE.getByName('one').fetch(request);
  },
};
