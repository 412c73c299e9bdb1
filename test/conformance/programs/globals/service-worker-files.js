/* global ADD, NOTE, BYTES */
// Files as globals of Service Worker syntax: `wasm_modules`, `text_blobs` and `data_blobs`.

const instance = new WebAssembly.Instance(ADD);
const seen = [
  ADD instanceof WebAssembly.Module,
  Object.prototype.toString.call(ADD),
  WebAssembly.Module.exports(ADD),
  instance.exports.add(40, 2),
  typeof NOTE,
  NOTE,
  BYTES instanceof ArrayBuffer,
  BYTES.byteLength,
  [...new Uint8Array(BYTES)],
  self.NOTE === NOTE,
  'ADD' in globalThis,
  new Uint8Array(BYTES).fill(7)[0],
];

addEventListener('fetch', (event) => {
  const isChanged = new Uint8Array(BYTES)[0] === 7;
  event.respondWith(Response.json([...seen, isChanged]));
});
