'use strict';

const { filesUnder, read } = require('./source-files');

test('native/sources.txt names each .cc file of native/ once, sorted', () => {
  const listed = read('native/sources.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect([...listed].sort()).toEqual(filesUnder('native', /\.cc$/));
  expect(listed).toEqual([...listed].sort());
});

// Files are best around 150 lines; at 600 there surely is a second subject.
const lengthMax = 600;

test.each(['native', 'lib', 'bin', 'types'])(
  `no file of %s has over ${lengthMax} lines`,
  (folder) => {
    // The declarations of types/ are one reference to read from top to bottom.
    const max = folder === 'types' ? 3 * lengthMax : lengthMax;
    const long = filesUnder(folder, /\.(h|cc|js|ts)$/)
      .map((file) => ({ file, lines: read(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > max);
    expect(long).toEqual([]);
  },
);

test('no file carries a TODO(now)', () => {
  const files = ['native', 'lib', 'bin', 'types', 'scripts', 'test', 'examples', 'bench']
    .flatMap((folder) => filesUnder(folder, /\.(h|cc|js|mjs|ts)$/))
    .filter((file) => file !== 'test/tidy/sources.test.js');
  expect(files.filter((file) => read(file).includes('TODO(now)'))).toEqual([]);
});
