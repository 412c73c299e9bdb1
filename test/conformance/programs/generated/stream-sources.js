// stream-sources.js: the streams that generated/streams works on, of a seed's choice; each says what is asked of it.

export const encode = (text) => new TextEncoder().encode(text);

/** A chunk, or how a stream ended, as text. */
export function told(value) {
  if (value instanceof Uint8Array) return `bytes(${value.byteOffset}) ${[...value]}`;
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} ${value.byteOffset} ${value.byteLength}`;
  if (value instanceof ArrayBuffer) return `buffer ${value.byteLength}`;
  if (value instanceof Error || value instanceof DOMException)
    return value.message.startsWith('own ') ? value.message : value.name;
  if (value === null || typeof value !== 'object') return `${typeof value} ${String(value)}`;
  // A default reader of a byte stream ends with an empty array on workerd.
  if (Object.hasOwn(value, 'done')) return value.done ? 'done' : `read ${told(value.value)}`;
  return Array.isArray(value) ? `[${value.map(told)}]` : value.constructor.name;
}

const own = (text) => new Error(`own ${text}`);

/**
 * @param {import('../random.js').Random} r
 * @param {string} name
 * @param {(line: string) => void} log
 * @param {string} callback of a stream
 * @returns {(...args: any[]) => any} what it does when called: says so; sometimes waits, throws or rejects
 */
function behaviour(r, name, log, callback) {
  const how = r.below(14);
  return (...args) => {
    const reason = args.find((arg) => typeof arg !== 'object' || arg instanceof Error);
    log(`  ${name} ${callback}${reason === undefined ? '' : ` ${told(reason)}`}`);
    if (how === 0) throw own(`throw of ${callback}`);
    if (how === 1) return Promise.reject(own(`rejection of ${callback}`));
    return how < 6 ? scheduler.wait(0) : undefined;
  };
}

const marks = [1, 2, 3];
const strategies = (r) => {
  const highWaterMark = r.pick(marks);
  return r.weighted([
    [3, () => undefined],
    [3, () => ({ highWaterMark })],
    [1, () => new CountQueuingStrategy({ highWaterMark })],
    [1, () => ({ highWaterMark, size: (chunk) => chunk?.length ?? 2 })],
  ])();
};

const shownStrategy = (strategy) =>
  strategy && `${strategy.highWaterMark}${strategy.size ? ' sized' : ''}`;

const chunksOf = (r, isBytes) =>
  r.list(4, () =>
    isBytes || r.chance(60) ? encode(r.pick(['a', 'bc', 'def'])) : r.pick(['s', 5]),
  );

/** Fills the view that is asked for, which workerd gives for any read. */
function fill({ byobRequest }, chunk) {
  const { view } = byobRequest;
  const part = chunk.subarray(0, view.byteLength);
  new Uint8Array(view.buffer, view.byteOffset).set(part);
  byobRequest.respond(part.length);
}

/** A source whose pull() hands out what it has, then ends, fails, or waits for ever. */
export function readable(r, name, log) {
  const isBytes = r.chance(50);
  const fills = isBytes && r.chance(40);
  const chunks = chunksOf(r, isBytes);
  const end = r.pick(['close', 'close', 'close', 'error', 'nothing']);
  const cancel = behaviour(r, name, log, 'cancel');
  const strategy = isBytes ? undefined : strategies(r);
  const next = (controller) => {
    const chunk = chunks.shift();
    if (chunk !== undefined && fills) fill(controller, chunk);
    else if (chunk !== undefined) controller.enqueue(isBytes ? chunk.slice() : chunk);
    else if (end === 'close') {
      controller.close();
      controller.byobRequest?.respond(0);
    } else if (end === 'error') controller.error(own('end'));
  };
  const source = {
    pull: next,
    cancel,
  };
  if (isBytes) {
    source.type = 'bytes';
    if (r.chance(20)) source.autoAllocateChunkSize = 8;
  }
  const text = `${isBytes ? (fills ? 'filled' : 'bytes') : 'default'} ${source.autoAllocateChunkSize ?? ''} ${shownStrategy(strategy)} ${chunks.map(told)} ${end}`;
  // Its branches give chunks of an engine's own sizes, and errors at an engine's own time.
  const isTeed = !isBytes && end !== 'error';
  return { text, make: () => new ReadableStream(source, strategy), isTeed, isBytes };
}

/** A sink that says what it gets. */
export function writable(r, name, log) {
  const sink = { abort: behaviour(r, name, log, 'abort') };
  const write = behaviour(r, name, log, 'write');
  sink.write = (chunk, controller) => {
    log(`  ${name} gets ${told(chunk)} ${controller.signal.aborted}`);
    return write();
  };
  sink.close = behaviour(r, name, log, 'close');
  const strategy = strategies(r);
  return [shownStrategy(strategy), () => new WritableStream(sink, strategy)];
}

/** Both sides of a stream that passes on what it gets. */
export function pair(r, name, log) {
  const length = r.pick([2, 3, 5]);
  const strategy = [strategies(r), strategies(r)];
  const pass = behaviour(r, name, log, 'transform');
  const flush = behaviour(r, name, log, 'flush');
  // No cancel(): Node 20 does not call it.
  const transformer = {
    transform(chunk, controller) {
      controller.enqueue(chunk);
      return pass();
    },
    flush: () => flush(),
  };
  return r.pick([
    ['IdentityTransformStream', () => new globalThis.IdentityTransformStream(), 'identity'],
    [`FixedLengthStream(${length})`, () => new globalThis.FixedLengthStream(length), 'identity'],
    [
      `TransformStream ${strategy.map(shownStrategy)}`,
      () => new TransformStream(transformer, ...strategy),
    ],
    ['TransformStream()', () => new TransformStream()],
  ]);
}

/** What ReadableStream.from() and a body can be made of. */
export function made(r) {
  return r.pick([
    ['from([..])', () => ReadableStream.from([encode('x'), encode('yz')])],
    ['from(text)', () => ReadableStream.from('ab')],
    [
      'from(generator)',
      () =>
        ReadableStream.from(
          (async function* () {
            yield encode('g');
            throw own('generator');
          })(),
        ),
    ],
    ['from(5)', () => ReadableStream.from(5)],
    ['body of text', () => new Response('text').body],
    ['body of bytes', () => new Response(new Uint8Array(3)).body],
    ['stream of a blob', () => new Blob(['blob']).stream()],
    ['body of a request', () => new Request('http://a.b', { method: 'PUT', body: 'req' }).body],
    ['empty body', () => new Response('').body],
  ]);
}
