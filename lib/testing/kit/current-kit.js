'use strict';
// Which kit the test file that runs now belongs to. Its modules are loaded by a test runner, each time anew, so that they cannot share a
// variable with the runner's side: it stands on the process. A process runs one test file at a time.

const kSlot = Symbol.for('holdfast.kit');
const holder = /** @type {any} */ (process);

/** @param {import('./kit').Kit | undefined} kit */
function setCurrentKit(kit) {
  holder[kSlot] = kit;
}

/** @returns {import('./kit').Kit} */
function currentKit() {
  const kit = holder[kSlot];
  if (kit === undefined)
    throw new Error(
      "No Holdfast test environment runs here: use the preset 'holdfast/jest', or start one with holdfast/test.",
    );
  return kit;
}

module.exports = { currentKit, setCurrentKit };
