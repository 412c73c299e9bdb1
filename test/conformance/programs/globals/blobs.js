import { answer } from '../probe.js';

const ranges = [
  [],
  [1.5, 2.5],
  [1.5],
  [-2.5],
  [NaN, 3],
  ['x'],
  [0, '2'],
  ['1', null],
  [null, null],
  [5, null],
  [undefined, 2],
  [1, undefined],
  [-1, null],
  [{}],
  [[1], [2]],
  [true, false],
  [0n],
  [Symbol('s')],
  [1, 2, 'T/X'],
  [1, 2, null],
];

async function sliceOf(blob, range) {
  try {
    const slice = blob.slice(...range);
    return [slice.size, slice.type, await slice.text()];
  } catch (error) {
    return [error.name];
  }
}

const probes = {
  blob: () => Promise.all(ranges.map((range) => sliceOf(new Blob(['abcdef']), range))),
  file: () => Promise.all(ranges.map((range) => sliceOf(new File(['abcdef'], 'name'), range))),
  body: async () => {
    const blob = await new Response('abcdef').blob();
    return Promise.all(ranges.map((range) => sliceOf(blob, range)));
  },
};

export default { fetch: (request) => answer(probes, request) };
