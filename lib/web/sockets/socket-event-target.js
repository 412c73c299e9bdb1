// SocketEventTarget: Node's EventTarget with the two habits of Workers (S6.7.4, S6.7.5): an `on<type>` property of the
// object is called before the listeners, and a listener that throws is reported instead of ending the process. It is the last one
// called, and didThrow() tells. A listener that is added while an event of its type is on its way does not get that one (DOM, 2.9), as
// it may with Node's EventTarget: listeners that each add another one would never end.
'use strict';

const { settings } = require('../settings.js');

/** @type {any} */
const native = EventTarget.prototype;

/** @type {WeakMap<object, (event: Event) => void>} */
const guarded = new WeakMap();
/** @type {WeakMap<Event, unknown>} events whose listener threw, with what */
const failed = new WeakMap();
/** @type {WeakSet<Event>} events whose dispatcher gets what a listener throws */
const caught = new WeakSet();

/** @param {any} listener @returns {(event: Event) => void} The same function for the same listener. */
function guard(listener) {
  let wrapper = guarded.get(listener);
  if (wrapper === undefined) {
    wrapper = function (/** @type {Event} */ event) {
      try {
        if (typeof listener === 'function') listener.call(event.currentTarget, event);
        else listener.handleEvent(event);
      } catch (error) {
        if (!caught.has(event)) settings.reportError(error);
        failed.set(event, error);
        event.stopImmediatePropagation();
      }
    };
    guarded.set(listener, wrapper);
  }
  return wrapper;
}

/** @param {Event} event */
function callProperty(event) {
  const target = /** @type {any} */ (event.currentTarget);
  const handler = target[`on${event.type}`];
  if (typeof handler === 'function') handler.call(target, event);
}

// EventTarget's constructor makes two maps and some more for each object; most sockets are of objects that hibernate and never have
// a listener. So it is not run: its properties are made when Node's code first asks for one of them.
class SocketEventTarget {
  /** @type {string[] | undefined} Types whose `on<type>` property is looked up already. */
  #types;
  /** Types of the events that are on their way; undefined: there was none. @type {string[] | undefined} */
  #under;
  /** Listeners for the next one of them. @type {{type: string, listener: any, options: any}[] | undefined} */
  #added;

  /** @param {string} type @param {any} listener @param {any} [options] */
  addEventListener(type, listener, options) {
    const name = `${type}`;
    if (listener === null || listener === undefined) return;
    if (typeof listener !== 'function' && typeof listener !== 'object') {
      throw new TypeError(
        "Failed to execute 'addEventListener' on 'EventTarget': parameter 2 is not of type 'function or EventHandlerObject'.",
      );
    }
    if (this.#under?.includes(name)) {
      (this.#added ??= []).push({ type: name, listener, options });
      return;
    }
    this.#lookUp(name);
    native.addEventListener.call(this, name, guard(listener), options);
  }

  /** @param {string} type @param {any} listener @param {any} [options] */
  removeEventListener(type, listener, options) {
    this.#added = this.#added?.filter((one) => one.type !== `${type}` || one.listener !== listener);
    const wrapper = guarded.get(listener);
    if (wrapper !== undefined) native.removeEventListener.call(this, `${type}`, wrapper, options);
  }

  /** @param {Event} event @returns {boolean} */
  dispatchEvent(event) {
    const { type } = event;
    this.#lookUp(type);
    const under = (this.#under ??= []);
    under.push(type);
    try {
      return native.dispatchEvent.call(this, event);
    } finally {
      under.splice(under.lastIndexOf(type), 1);
      if (this.#added !== undefined && !under.includes(type)) this.#addLate(type, this.#added);
    }
  }

  /** @param {string} type @param {{type: string, listener: any, options: any}[]} added */
  #addLate(type, added) {
    const late = added.filter((one) => one.type === type);
    this.#added = late.length < added.length ? added.filter((one) => one.type !== type) : undefined;
    for (const { listener, options } of late) this.addEventListener(type, listener, options);
  }

  /** @param {string} type */
  #lookUp(type) {
    this.#types ??= [];
    if (this.#types.includes(type)) return;
    this.#types.push(type);
    native.addEventListener.call(this, type, guard(callProperty));
  }

  static {
    Object.setPrototypeOf(this, EventTarget);
    Object.setPrototypeOf(this.prototype, native);
    for (const key of Reflect.ownKeys(new EventTarget())) {
      Object.defineProperty(this.prototype, key, {
        configurable: true,
        get() {
          if (!(#types in this)) return undefined; // a prototype
          Object.defineProperties(this, Object.getOwnPropertyDescriptors(new EventTarget()));
          return Reflect.get(this, key);
        },
      });
    }
  }
}

/** @param {Event} event dispatched */
const didThrow = (event) => failed.has(event);

/** @param {Event} event dispatched, and didThrow() @returns {unknown} */
const thrownBy = (event) => failed.get(event);

/**
 * What a listener throws is not reported but thrown.
 * @param {Event} event
 * @param {() => void} dispatch
 */
function throwing(event, dispatch) {
  caught.add(event);
  dispatch();
  if (failed.has(event)) throw failed.get(event);
}

module.exports = { SocketEventTarget, didThrow, throwing, thrownBy };
