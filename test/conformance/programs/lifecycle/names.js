import { DurableObject } from 'cloudflare:workers';
import { answer } from '../probe.js';

// Each mentions itself, or has the name of something else: what bundlers like to rename.
class Mentioned {
  static make() {
    return new Mentioned();
  }
}
class NotFound extends Error {
  constructor(message) {
    super(message);
    this.name = this.constructor.name;
  }
  static is(error) {
    return error instanceof NotFound;
  }
}
const Expression = class {
  same(other) {
    return other instanceof Expression;
  }
};
const Inner = class Outer {
  static outer = () => Outer;
};
function declared() {
  return declared;
}
const arrow = () => arrow;
class Set {
  static size = 1;
}
class random {}

export class Named extends DurableObject {
  static nameOf() {
    return Named.name;
  }
  names() {
    const local = () => local;
    class Local {
      static self = () => Local;
    }
    return [this.constructor.name, Named.nameOf(), local.name, Local.name, this.names.name];
  }
  fail() {
    throw new NotFound('gone');
  }
}

const seen = {
  classes: () =>
    [Mentioned, Mentioned.make().constructor, NotFound, Expression, Inner, Inner.outer()].map(
      (each) => each.name,
    ),
  functions: () => [declared.name, declared().name, arrow.name, Inner.outer.name],
  'same-names': () => [Set.name, new globalThis.Set().constructor.name, random.name],
  objects: (env) => env.N.getByName('a').names(),
  errors: async (env) => {
    const error = await env.N.getByName('a')
      .fail()
      .catch((reason) => reason);
    const own = new NotFound('here');
    return [error.name, error.message, own.name, String(own), NotFound.is(own)];
  },
};

export default {
  fetch: (request, env) => answer(seen, request, env),
};
