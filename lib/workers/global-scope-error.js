'use strict';
// What code of a module may not do while the module is evaluated (spec S2.10.5).

const kDisallowed =
  'Disallowed operation called within global scope. Asynchronous I/O (ex: fetch() or connect()), setting a timeout, and generating random values are not allowed within global scope. To fix this error, perform this operation within a handler. https://developers.cloudflare.com/workers/runtime-apis/handlers/';

/** @param {{isLoaded: boolean}} worker whose code asks @throws {Error} it is being evaluated */
function checkLoaded(worker) {
  if (!worker.isLoaded) throw new Error(kDisallowed);
}

module.exports = { checkLoaded };
