/** (module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))) */
const ADD = Buffer.from(
  '0061736d0100000001070160027f7f017f030201000707010361646400000a09010700200020016a0b',
  'hex',
);

export const config = {
  serviceWorker: true,
  files: {
    'files/add.wasm': ADD,
    'files/note.txt': '\uFEFFa note: ü\n',
    'files/bytes.bin': new Uint8Array([0, 1, 254, 255]),
  },
  wrangler: {
    wasm_modules: { ADD: 'files/add.wasm' },
    text_blobs: { NOTE: 'files/note.txt' },
    data_blobs: { BYTES: 'files/bytes.bin' },
  },
};

export const cases = [
  { name: 'S9.1.1 addEventListener: files are globals', request: { path: '/' } },
];
