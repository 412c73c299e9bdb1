// rpc-plan.js: what generated/rpc does, as plain data that a seed determines: plans, which are lists of steps, and values that are made
// where a plan runs. A plan that is an argument runs at the other side, so plans contain plans.

const nestedMax = 3;
const stepsMax = 6;

const places = ['a', 'b', 'service', 'other'];
const methods = [
  ...['echo', 'echo', 'wrap', 'wrap', 'hello', 'keep', 'keepDup', 'useKept', 'give', 'giveDup'],
  ...['callIt', 'callIt', 'passOn', 'returnsCall', 'read', 'target', 'missing', 'map', 'dup'],
  ...['getter', 'thrower', 'own', 'constructor', 'ctx', 'later', 'fetch'],
];
const properties = [
  ...['getter', 'getter', 'thrower', 'promise', 'target', 'own', 'missing', 'value', 'list', '0'],
  ...['nested', 'then', 'length', 'name', 'ctx', 'prototype', 'hello', 'fn'],
];
const errorTypes = ['Error', 'TypeError', 'RangeError', 'Own', 'AggregateError', 'DOMException'];
const uncloneable = ['symbol', 'weakMap', 'class', 'promise', 'generator', 'holdsSymbol'];
const bodies = ['stream', 'bytesStream', 'request', 'response', 'headers', 'blob'];

class Planner {
  /** @param {import('../random.js').Random} r */
  constructor(r) {
    this.r = r;
  }

  /** @param {number} depth of plans that it may hold @param {number} given handles that it begins with */
  plan(depth, given) {
    const { r } = this;
    const steps = [];
    let handles = given;
    const count = 1 + r.below(stepsMax);
    for (let i = 0; i < count; i += 1) {
      const step = this.#step(depth, handles);
      steps.push(step);
      if (step.adds) handles += 1;
    }
    const ends = r.below(10);
    if (ends === 0) return { steps, throws: this.#error(depth, handles) };
    if (ends === 1) return { steps, throws: this.value(depth, handles) };
    return { steps, returns: this.value(depth, handles) };
  }

  #step(depth, handles) {
    const { r } = this;
    const some = handles > 0;
    return r.weighted([
      [8, () => this.#call(depth, handles)],
      [depth > 0 ? 8 : 0, () => this.#runs(depth, handles)],
      [some ? 3 : 0, () => this.#property(handles)],
      [some ? 4 : 0, () => ({ does: 'await', handle: r.below(handles), adds: true })],
      [some ? 3 : 0, () => ({ does: 'dispose', handle: r.below(handles) })],
      [some ? 2 : 0, () => ({ does: 'dup', handle: r.below(handles), adds: true })],
      [2, () => ({ does: 'make', value: this.value(depth, handles), adds: true })],
      [1, () => ({ does: 'wait' })],
      [r.chance(25) ? 1 : 0, () => ({ does: 'abort' })],
    ])();
  }

  /** What is called: a place, or a handle and maybe what it has. */
  #callee(handles) {
    const { r } = this;
    if (handles === 0 || r.chance(40)) return { place: r.pick(places), path: this.#path(10) };
    return { handle: r.below(handles), path: this.#path(30) };
  }

  #path(percent) {
    const { r } = this;
    return r.chance(percent) ? [r.pick(properties), ...r.list(1, () => r.pick(properties))] : [];
  }

  #call(depth, handles) {
    const { r } = this;
    const method = r.chance(12) ? undefined : r.pick(methods);
    return {
      does: 'call',
      on: this.#callee(handles),
      method,
      args: r.list(2, () => this.value(depth, handles)),
      awaits: r.chance(60),
      adds: true,
    };
  }

  /** A plan for somebody else, with some of the handles. */
  #runs(depth, handles) {
    const { r } = this;
    const args = r.list(3, () => this.value(depth - 1, handles));
    return {
      does: 'call',
      on: this.#callee(r.chance(60) ? 0 : handles),
      method: 'run',
      plan: this.plan(depth - 1, args.length),
      args,
      awaits: r.chance(75),
      adds: true,
    };
  }

  #property(handles) {
    const { r } = this;
    const path = [r.pick(properties), ...r.list(1, () => r.pick(properties))];
    const awaits = r.chance(50);
    return { does: 'get', on: { handle: r.below(handles), path }, awaits, adds: true };
  }

  /** A value that is made where the plan runs. */
  value(depth, handles) {
    const { r } = this;
    return r.weighted([
      [4, () => ({ is: 'plain', value: r.pick([0, 1.5, 'text', null, true, -1]) })],
      [handles > 0 ? 8 : 0, () => ({ is: 'handle', handle: r.below(handles) })],
      [3, () => ({ is: 'target' })],
      [depth > 0 ? 3 : 1, () => ({ is: 'function', plan: depth > 0 && this.plan(depth - 1, 1) })],
      [2, () => ({ is: 'place', place: r.pick(places) })],
      [depth > 0 ? 3 : 0, () => this.#holder(depth, handles)],
      [1, () => this.#error(0, handles)],
      [1, () => ({ is: 'body', kind: r.pick(bodies) })],
      [r.chance(30) ? 1 : 0, () => ({ is: 'uncloneable', kind: r.pick(uncloneable) })],
      [r.chance(30) ? 1 : 0, () => ({ is: 'stub' })],
    ])();
  }

  #holder(depth, handles) {
    const { r } = this;
    const kind = r.pick(['object', 'object', 'list', 'map', 'disposable']);
    return { is: 'holder', kind, values: r.list(3, () => this.value(depth - 1, handles)) };
  }

  #error(depth, handles) {
    const { r } = this;
    const names = ['code', 'cause', 'remote', 'retryable', 'overloaded', 'name', 'extra'];
    const members = r.list(2, () => [r.pick(names), this.value(Math.min(depth, 1), handles)]);
    return { is: 'error', type: r.pick(errorTypes), members };
  }
}

/** @param {import('../random.js').Random} r @returns {object} a plan */
export const makePlan = (r) => new Planner(r).plan(nestedMax, 0);
