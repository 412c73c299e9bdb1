// toUsv: text as it can travel: each surrogate without a partner becomes U+FFFD (WebIDL's USVString).
'use strict';

/** @param {any} text a string; Node 20 and newer have the method, its types do not @returns {string} */
const toUsv = (text) => text.toWellFormed();

module.exports = { toUsv };
