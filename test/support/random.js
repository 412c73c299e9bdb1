'use strict';

/** Of this run; HOLDFAST_SEED repeats another one's. */
const seed = Number(process.env.HOLDFAST_SEED ?? Date.now() % 2 ** 31);

/** xorshift32 @param {number} state @returns {(below: number) => number} */
function randomFrom(state) {
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

module.exports = { randomFrom, seed };
