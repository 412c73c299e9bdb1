// Static assets of a seed, below a folder of their own: a tree of files, and lines of `_redirects` and `_headers`.

/** @typedef {import('./random.js').Random} Random */

const kFiles = 14;

const folders = [
  '',
  '',
  'a/',
  'b/',
  'index/',
  'a/index/',
  'a/b/',
  'd.html/',
  'with space/',
  'ü/',
  'api/',
];
const names = [
  ...['index.html', 'index.html', 'a.html', 'b.html', 'a', 'b', 'index', '404.html', '404'],
  ...['page.html', 'page.html.html', '.html', 'html', 'A.html', 'x.txt', 'data.json', 'style.css'],
  ...[
    'with space.html',
    'ümlaut.html',
    'ümlaut.txt',
    'a%20b.txt',
    'a%2Fb.html',
    'at@+&=.txt',
    '.hidden',
    '日本.html',
  ],
  ...[
    'semi;colon,comma.svg',
    "q'uote!~.js",
    '(par)[br]{cu}.txt',
    'hash#tag.html',
    'what?.html',
    'pi|pe^.txt',
  ],
  ...[
    'back\\slash.txt',
    'dots...html',
    'star*.html',
    ':name.html',
    'empty.bin',
    'a.b.c',
    'photo.PNG',
  ],
];
export const words = [
  'a',
  'b',
  'index',
  'page',
  'none',
  'x.txt',
  'api',
  'A',
  'with%20space',
  '%C3%BC',
  'a%2Fb',
  '404',
  'a.html',
];
const statuses = [
  '',
  '',
  '200',
  '200',
  '301',
  '302',
  '303',
  '307',
  '308',
  '404',
  '200!',
  '0200',
  '3e2',
  'x',
];

/** @param {Random} random @returns {Record<string, string>} contents by path */
export function tree(random) {
  /** @type {Record<string, string>} */
  const files = {};
  for (let left = kFiles; left > 0; left--) {
    const path = random.pick(folders) + random.pick(names);
    // What is a file cannot be a directory as well.
    const taken = Object.keys(files);
    if (taken.some((other) => other.startsWith(`${path}/`) || path.startsWith(`${other}/`)))
      continue;
    files[path] = path.includes('empty') ? '' : `<${path}>`;
  }
  return files;
}

/** A path of a rule, with variables. @param {Random} random @param {string} home */
function source(random, home) {
  const segment = () =>
    random.weighted([
      [6, random.pick(words)],
      [2, '*'],
      [2, `:${random.pick(['x', 'y', 'splat', 'longName', '1', 'x-y'])}`],
      [1, `${random.pick(words)}*`],
      [1, `${random.pick(words)}:x`],
      [1, 'ümlaut'],
      [1, ''],
    ]);
  const rest = random.list(3, segment).join('/');
  return random.weighted([
    [12, `${home}/${rest}`],
    [1, `https://conformance.example${home}/${rest}`],
    [1, `https://:host.example${home}/${rest}`],
    [1, `https://conformance.example:80${home}/${rest}`],
    [1, `http://conformance.example${home}/${rest}`],
    [1, `/${home}/${rest}`],
    [1, `${home.slice(1)}/${rest}`],
    [1, `${home}/${rest}?query=1#hash`],
  ]);
}

/** @param {Random} random @param {string} home */
function target(random, home) {
  const segment = () =>
    random.pick([
      ...words,
      ':splat',
      ':x',
      ':y',
      ':splat:x',
      ':longName',
      'é',
      '..',
      '.',
      'page.html',
    ]);
  const rest = random.list(3, segment).join('/');
  const end = random.pick(['', '', '', '?q=1', '#h', '?q=:x#:splat', '/', '?']);
  return random.weighted([
    [12, `${home}/${rest}${end}`],
    [2, `https://other.example/${rest}${end}`],
    [1, `//other.example/${rest}`],
    [1, `/:splat`],
    [1, `:splat`],
    [1, `http://other.example/${rest}`],
    [1, `${home}/index.html`],
  ]);
}

/** @param {Random} random @param {string} home @returns {string[]} lines of `_redirects` */
export function redirects(random, home) {
  return random.list(7, () => {
    const line = [source(random, home), target(random, home), random.pick(statuses)]
      .join(' ')
      .trim();
    return random.weighted([
      [14, line],
      [1, `  ${line}   # comment`],
      [1, line.replace(/ /g, '\t\t')],
      [1, `${line} and more`],
      [1, line.split(' ')[0]],
      [1, `# ${line}`],
      [1, `${home}/${'long'.repeat(600)} ${home}/a`],
      [1, `${line}\r`],
    ]);
  });
}

/** @param {Random} random @param {string} home @returns {string[]} lines of `_headers` */
export function headers(random, home) {
  // Without a slash it would be the name of a header, and one that is none fails every request it is for.
  return random
    .list(4, () => source(random, home).replace(/^(?=s\d)/, '/'))
    .flatMap((path) => [
      random.pick([path, path, `  ${path}`, `${path} `]),
      ...random.list(4, () =>
        random.pick([
          '  X-One: one',
          '  x-one: again',
          'X-Two:two :splat and :x',
          '  X-Two: https://:y/:longName',
          '  Cache-Control: no-store',
          '  Content-Type: text/x-own',
          '  ETag: "own"',
          '  ! ETag',
          '  ! Content-Type',
          '  !Cache-Control',
          '  ! X-One: x',
          '  Bad Name: x',
          '  : nameless',
          '  X-Empty:',
          '  no colon',
          '  X-Colons: a: b: c',
          `  X-Long: ${'long'.repeat(600)}`,
          '# comment',
          '',
          '  Location: /elsewhere',
          '  X-Hash: a # b',
          '  X-Tab:\ttab\t',
        ]),
      ),
    ]);
}

/** Patterns that are no longer forms of one another, which would be errors. @param {Random} random @param {string} home */
export function workerFirst(random, home) {
  const positive = [
    `${home}/api/*`,
    `${home}/*.txt`,
    `${home}/a`,
    `${home}/with space*`,
    `${home}/p*e`,
  ];
  const negative = [`!${home}/api/index*`, `!${home}/x.txt`, `!${home}/api/*.json`];
  return [...positive, ...negative].filter(() => random.chance(45));
}
