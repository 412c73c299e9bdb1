// defineInterface: gives a class the shape of a platform interface: members of the prototype are enumerable and
// Object.prototype.toString names it. Its instances are not to be stored (S3.8.4).
'use strict';

const { refuseInterface } = require('../storage/refusals');

/**
 * @param {Function} type
 * @param {string} [name] Defaults to the name of the class.
 */
function defineInterface(type, name = type.name) {
  const prototype = type.prototype;
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (key === 'constructor') continue;
    Object.defineProperty(prototype, key, { ...descriptor, enumerable: true });
  }
  refuseInterface(prototype, name);
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true });
}

module.exports = { defineInterface };
