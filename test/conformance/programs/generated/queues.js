// Queues in an order that a seed determines: what producers take and refuse, how bodies arrive, and what becomes of messages that are
// accepted, tried again, or given up.
import { attempt, show } from '../probe.js';
import { Random } from '../random.js';

const waitMsMax = 15_000;
const retries = { single: 2, many: 1, strict: 0 };

const bodies = {
  text: () => 'text ü \ud83d\ude00',
  empty: () => '',
  surrogate: () => 'a\ud800b',
  number: () => -1.5,
  none: () => undefined,
  null: () => null,
  'not a number': () => NaN,
  minusZero: () => -0,
  bigint: () => 5n,
  true: () => true,
  boxed: () => Object('s'),
  function: () => Date.prototype.getTime.bind(new Date(7)),
  symbol: () => Symbol('s'),
  object: () => ({ a: [1, undefined, null], b: undefined, c: { d: 'e' } }),
  holes: () => Object.assign([1], { 2: 3 }),
  date: () => new Date(5),
  regexp: () => /x/g,
  map: () => new Map([['k', new Set([1])]]),
  error: () => Object.assign(new RangeError('own'), { extra: 1 }),
  cycle: () => {
    const one = { name: 'cycle' };
    one.self = one;
    return one;
  },
  // The text of a function of the program's own is not the same everywhere.
  toJSON: () => ({ toJSON: Date.prototype.getTime.bind(new Date(7)) }),
  throwing: () => ({ toJSON: Date.prototype.toISOString.bind(new Date(NaN)) }),
  class: () =>
    new (class Own {
      x = 1;
    })(),
  response: () => new Response('x'),
  buffer: () => new Uint8Array([1, 2, 3]).buffer,
  bytes: () => new Uint8Array([1, 2, 255]),
  part: () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3),
  words: () => new Uint16Array([1, 2]),
  view: () => new DataView(new ArrayBuffer(3), 1),
  'no bytes': () => new Uint8Array(),
  long: () => 'x'.repeat(128_000),
  'too long': () => 'x'.repeat(128_001),
  'many bytes': () => new Uint8Array(128_000),
  'too many bytes': () => new Uint8Array(128_001),
};
const contentTypes = ['json', 'json', 'text', 'bytes', 'v8', 'v8', undefined, 'JSON', '', null, 5];
const delays = [
  undefined,
  undefined,
  undefined,
  0,
  null,
  '0',
  -1,
  1.5,
  NaN,
  86_401,
  'x',
  2 ** 32,
  {},
];

/** Sizes of the backlog depend on how fast the consumer is. */
const told = ({ text }) =>
  text
    .replace(/resolved \{\n {2}metadata[^]*/, 'resolved with metadata')
    // The simulator's own words are not told.
    .replace(/Unknown Internal Error \(15000\)|Queue send(Batch)? failed: [^]*/, 'refused');

/** What the consumer saw, by the seed and the part of the program. @type {Map<string, string[]>} */
const seen = new Map();
const log = (run, line) => seen.set(run, [...(seen.get(run) ?? []), line]);

/** @param {string} run @param {number} count @returns {Promise<string[]>} */
async function linesOf(run, count) {
  const deadline = Date.now() + waitMsMax;
  while ((seen.get(run)?.length ?? 0) < count && Date.now() < deadline) await scheduler.wait(10);
  // Something more that should not come.
  await scheduler.wait(40);
  return (seen.get(run) ?? []).sort();
}

/** What one call is given, and how it ends. */
class Sender {
  #r;
  constructor(r) {
    this.#r = r;
  }

  #content() {
    const name = this.#r.pick(Object.keys(bodies));
    return { name, body: bodies[name]() };
  }

  async send(queue) {
    const { name, body } = this.#content();
    const contentType = this.#r.pick(contentTypes);
    const delaySeconds = this.#r.pick(delays);
    const options = this.#r.weighted([
      [8, { contentType, delaySeconds }],
      [2, { contentType }],
      [1, undefined],
      [1, null],
      [1, 'options'],
    ]);
    return `send ${name} ${show(options).replace(/\s+/g, ' ')}: ${told(await attempt(() => queue.send(body, options)))}`;
  }

  async sendBatch(queue) {
    const shown = [];
    const messages = this.#r.list(4, () => {
      const { name, body } = this.#content();
      const more = this.#r.chance(60) ? { contentType: this.#r.pick(contentTypes) } : {};
      const late = this.#r.chance(15) ? { delaySeconds: this.#r.pick(delays) } : {};
      shown.push(`${name} ${show({ ...more, ...late }).replace(/\s+/g, ' ')}`);
      return this.#r.weighted([
        [20, { body, ...more, ...late }],
        [1, {}],
        [1, null],
        [1, 'x'],
      ]);
    });
    const [kind, given] = this.#r.weighted([
      [12, ['list', messages]],
      [1, ['set', new Set(messages)]],
      [1, ['iterator', messages.values()]],
      [1, ['object like a list', { length: messages.length, ...messages }]],
      [1, ['text', 'text']],
      [1, ['null', null]],
      [1, ['101', Array.from({ length: 101 }, () => ({ body: 1 }))]],
      [
        1,
        [
          'long',
          Array.from({ length: 3 }, () => ({ body: 'x'.repeat(96_001), contentType: 'text' })),
        ],
      ],
    ]);
    const options = this.#r.chance(20) ? { delaySeconds: this.#r.pick(delays) } : undefined;
    return `sendBatch ${kind} [${shown.join(', ')}] ${show(options).replace(/\s+/g, ' ')}: ${told(await attempt(() => queue.sendBatch(given, options)))}`;
  }
}

/** Bodies that arrive, in one batch. */
async function arrive(r, env, run) {
  const names = Array.from({ length: 12 }, () => r.pick(Object.keys(bodies)));
  const messages = [];
  for (const name of names) {
    const contentType = r.pick(contentTypes);
    // What cannot be sent would keep the others from being sent.
    const tried = await attempt(() => env.SINK.send(bodies[name](), { contentType }));
    if (tried.text.startsWith('resolved') && !/long|many/.test(name))
      messages.push({ name, message: { body: bodies[name](), contentType } });
  }
  if (messages.length === 0) return ['nothing to send'];
  const first = { body: { run, names: messages.map(({ name }) => name) }, contentType: 'json' };
  const sent = await attempt(() =>
    env.ECHO.sendBatch([first, ...messages.map(({ message }) => message)]),
  );
  if (!sent.text.startsWith('resolved')) return [told(sent)];
  return linesOf(run, messages.length);
}

/** What the handler says of a message, at each attempt. */
const words = ['ack', 'retry', 'retry', 'retryNow', 'silence', 'retry, ack', 'ack, retry'];
const wordsOfBatch = [
  'ackAll',
  'retryAll',
  'retryAllNow',
  'throws',
  'ack, ackAll',
  'retry, ackAll',
  'ackAll, retry',
  'retryAll, ackAll',
  'retry, throws',
  'ackAll, retryAll',
];

const isAgain = (word) => /^retry/.test(word) || word === 'throws';

/** @param {Random} r @param {any} env @param {string} run */
async function fates(r, env, run) {
  let expected = 0;
  const plan = (queue, all) =>
    Array.from({ length: 1 + r.below(5) }, (_, n) => {
      const said = Array.from({ length: retries[queue] + 1 }, () => r.pick(all));
      const end = said.findIndex((word) => !isAgain(word));
      // Its attempts, and once more where it is given up.
      expected += end === -1 ? said.length + 1 : end + 1;
      return { body: { run, queue, n, said } };
    });
  const single = plan('single', [...words, ...wordsOfBatch]);
  const many = plan('many', words);
  const strict = plan('strict', words);
  await env.SINGLE.sendBatch(single);
  await env.MANY.sendBatch(many);
  await env.STRICT.sendBatch(strict);
  return linesOf(run, expected);
}

/** @type {Map<string, {id: string, time: number}>} of the first attempt */
const first = new Map();

function isSame(message) {
  const { run, queue, n } = message.body;
  const key = `${run} ${queue} ${n}`;
  const known = first.get(key);
  const now = { id: message.id, time: message.timestamp.getTime() };
  if (known === undefined) first.set(key, now);
  return known === undefined
    ? 'new'
    : known.id === now.id && known.time === now.time
      ? 'same'
      : 'other';
}

function obey(word, message, batch) {
  for (const one of word.split(', ')) {
    if (one === 'ack') message.ack();
    if (one === 'retry') message.retry();
    if (one === 'retryNow') message.retry({ delaySeconds: 0 });
    if (one === 'ackAll') batch.ackAll();
    if (one === 'retryAll') batch.retryAll();
    if (one === 'retryAllNow') batch.retryAll({ delaySeconds: 0 });
    if (one === 'throws') throw new Error('the consumer fails');
  }
}

/** Whose bodies come now: each run sends a message first that says so, and a batch may end in the middle of them. */
let arriving = { run: '', names: [], count: 0 };

function showBodies({ messages }) {
  for (const { body } of messages) {
    if (body?.names) {
      arriving = { ...body, count: 0 };
      continue;
    }
    const { run, names, count } = arriving;
    log(run, `${count} ${names[count]}: ${show(body).replace(/\s+/g, ' ')}`);
    arriving.count += 1;
  }
}

function consume(batch) {
  if (batch.queue === 'sink') return;
  if (batch.queue === 'echo') return showBodies(batch);
  for (const message of batch.messages) {
    const { run, queue, n, said } = message.body;
    const word = batch.queue === 'dead' ? 'given up' : said[message.attempts - 1];
    log(
      run,
      `${queue} ${n} in ${batch.queue}, attempt ${message.attempts}, ${isSame(message)}: ${word}`,
    );
    obey(word, message, batch);
  }
}

export default {
  async fetch(request, env) {
    const seed = Number(new URL(request.url).pathname.slice(1));
    const r = new Random(seed);
    const sender = new Sender(r);
    const lines = [];
    for (let i = 0; i < 14; i++)
      lines.push(await (r.chance(55) ? sender.send(env.SINK) : sender.sendBatch(env.SINK)));
    const [bodiesSeen, ends] = await Promise.all([
      arrive(new Random(seed + 1e6), env, `${seed} echo`),
      fates(new Random(seed + 2e6), env, `${seed} fates`),
    ]);
    return new Response([...lines, '', ...bodiesSeen, '', ...ends].join('\n'));
  },
  queue: consume,
};
