import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  constructor(state, env) {
    super(state, env);
    // Initialize in‑memory state. This value resets if the object is evicted.
    this.count = 0;
  }

  async increment() {
    this.count++;
    return this.count;
  }
}
