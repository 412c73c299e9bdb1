// socket-ends.js: ends of WebSockets that do what steps say, and write down what happens to them.
import { attemptSync, show } from '../probe.js';
import { Random } from '../random.js';

/** show() in one line. */
const line = (value) => shorten(show(value).toWellFormed().replaceAll(/\n */g, ' '));

function shorten(text) {
  return text.length < 160 ? text : `${text.slice(0, 60)}… ${text.length}`;
}

const datas = [
  'text',
  'é\u0000',
  '',
  'x'.repeat(70_000),
  { bytes: [] },
  { bytes: [0, 255, 1] },
  { bytes: [7], as: 'view' },
  { bytes: [7, 8], as: 'buffer' },
  { bytes: [7, 8, 9, 10], as: 'part' },
  5,
  null,
  true,
  { absent: true },
  ['a', 1],
  { bytes: [7, 8], as: 'blob' },
];
const codes = [
  1000,
  1001,
  1002,
  1003,
  1004,
  1005,
  1006,
  1007,
  1008,
  1009,
  1011,
  1012,
  1014,
  1015,
  1016,
  2999,
  3000,
  4000,
  4999,
  5000,
  999,
  0,
  -1,
  3000.7,
  '4001',
  'x',
  null,
  true,
];
const reasons = ['', 'bye', 'é', 'x'.repeat(123), 'x'.repeat(124), 'ü'.repeat(62), 5, null];
const attachments = [
  'a',
  0,
  null,
  { x: [1, { y: 'z' }] },
  ['t', true],
  'x'.repeat(16_000),
  'x'.repeat(17_000),
  { absent: true },
  { odd: 'function' },
];

export const tagLists = [
  [],
  ['t'],
  ['t', 'u'],
  ['u', 't', 'u'],
  [''],
  ['x'.repeat(256)],
  ['x'.repeat(257)],
  [5],
];

/** Steps are data, so that they can travel; `end` names the end they are for. */
/** @param {'plain' | 'commands' | 'throws'} most what its messages may make the other end do */
export function anyStep(r, end, most = 'plain') {
  return {
    end,
    ...r.weighted([
      [10, () => ({ does: 'send', data: anyData(r, most) })],
      [3, () => ({ does: 'close', args: anyClose(r) })],
      [2, () => ({ does: 'state' })],
      [
        1,
        () => ({
          does: 'accept',
          options: r.pick([null, { allowHalfOpen: true }, { allowHalfOpen: false }, 5]),
        }),
      ],
      [1, () => ({ does: 'binaryType', value: r.pick(['blob', 'arraybuffer', 'x']) })],
      [1, () => ({ does: 'listen', type: r.pick(['message', 'close', 'error', 'open']) })],
      [1, () => ({ does: 'attach', value: r.pick(attachments) })],
      [1, () => ({ does: 'attachment' })],
    ])(),
  };
}

/** What only an object can do. */
export function objectStep(r, end) {
  return {
    end,
    ...r.weighted([
      [3, () => ({ does: 'list', tag: r.pick([null, null, 't', 'u', '', 'none']) })],
      [2, () => ({ does: 'tags' })],
      [
        1,
        () => ({ does: 'auto', pair: r.pick([null, ['text', 'auto'], ['', 'empty'], ['x', '']]) }),
      ],
      [1, () => ({ does: 'autoGet' })],
      [2, () => ({ does: 'timestamp' })],
      [1, () => ({ does: 'hibernate', tags: r.pick(tagLists) })],
      [1, () => ({ does: 'eventTimeout', value: r.pick([null, 100_000, 0]) })],
      [1, () => ({ does: 'put' })],
    ])(),
  };
}

/** Text that makes its receiver do steps within its handler. */
function command(r, most) {
  const chosen = { waits: r.chance(30), throws: most === 'throws' && r.chance(40) };
  const steps = chosen.throws ? [] : r.list(2, () => anyStep(r, 'self'));
  return `!${JSON.stringify({ steps, ...chosen })}`;
}

function anyData(r, most) {
  return most !== 'plain' && r.chance(35)
    ? command(r, most)
    : r.pick(datas.slice(0, r.chance(75) ? 9 : undefined));
}

function anyClose(r) {
  if (r.chance(15)) return [];
  const code = r.chance(50) ? r.pick([1000, 3000, 4000]) : r.pick(codes);
  return r.chance(30) ? [code] : [code, r.chance(60) ? r.pick(['', 'bye']) : r.pick(reasons)];
}

/** A value of a step, which came as JSON. */
function revived(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (value.absent) return undefined;
  if (value.odd) return () => {};
  if (!value.bytes) return value;
  const bytes = new Uint8Array(value.bytes);
  if (value.as === 'buffer') return bytes.buffer;
  if (value.as === 'part') return new Uint16Array(bytes.buffer, 2, 1);
  if (value.as === 'blob') return new Blob([bytes]);
  return value.as === 'view' ? new DataView(bytes.buffer) : bytes;
}

/** An error that workerd lets follow a close, or not (S6.6.5). */
const artefact = 'error "Uncaught Error: Network connection lost.';

/** The ends that live in one place: the Worker, or an object. */
export class Ends {
  /** @type {Map<string, WebSocket>} */
  #byName = new Map();
  /** @type {Map<string, string[]>} what happened to each, in order */
  logs;
  #ctx;
  /** Hibernatable ones whose peer has left. What close() makes of their state depends, on workerd, on whether that came as a reset. */
  #left = new Set();
  /** Handlers that wait do so for so long. */
  waitMs = 1;

  /** @param {DurableObjectState} [ctx] of the object they live in @param {Map<string, string[]>} [logs] if they outlive it */
  constructor(ctx, logs = new Map()) {
    this.#ctx = ctx;
    this.logs = logs;
  }

  get isOfObject() {
    return this.#ctx !== undefined;
  }

  /** @param {WebSocket} ws @param {string[]} tags */
  hibernate(ws, tags) {
    this.#ctx.acceptWebSocket(ws, tags);
  }

  add(name, ws) {
    this.#byName.set(name, ws);
    this.log(name, 'new');
  }

  get names() {
    return [...this.logs.keys()];
  }

  log(name, text) {
    if (!this.logs.has(name)) this.logs.set(name, []);
    if (text.includes(artefact)) return;
    this.logs.get(name).push(text);
  }

  nameOf(ws) {
    for (const [name, known] of this.#byName) if (known === ws) return name;
    return attemptSync(() => ws.deserializeAttachment()?.name).text;
  }

  watch(name) {
    for (const type of ['message', 'close', 'error']) this.#listen(name, type);
  }

  #listen(name, type) {
    const ws = this.#byName.get(name);
    ws.addEventListener(type, (event) => this.#told(name, ws, event));
  }

  #told(name, ws, event) {
    const { type, data, code, reason, wasClean, message } = event;
    const what =
      type === 'message'
        ? [data instanceof Blob ? ['Blob', data.size, data.type] : data]
        : type === 'close'
          ? [code, reason, wasClean]
          : [message, event.error === undefined ? 'none' : event.error];
    return this.handle(name, ws, type, what, 'listener');
  }

  /**
   * @param {string} name
   * @param {WebSocket} ws
   * @param {string} type
   * @param {unknown[]} what the event says
   * @param {'object' | 'listener'} [by] who was told
   */
  handle(name, ws, type, what, by = 'object') {
    this.log(name, `${type} ${what.map(line).join(' ')}; ${ws.readyState}`);
    if (type === 'close' && what[2] === false && by === 'object') this.#left.add(name);
    const [data] = what;
    if (type !== 'message' || typeof data !== 'string' || !data.startsWith('!')) return undefined;
    const { steps, waits, throws } = JSON.parse(data.slice(1));
    const run = () => {
      for (const step of steps) this.#do(name, ws, step);
      if (throws) throw new Error('out of a handler');
    };
    return waits && this.waitMs > 0 ? scheduler.wait(this.waitMs).then(run) : run();
  }

  act(steps) {
    for (const step of steps) {
      const ws = this.#byName.get(step.end);
      if (ws !== undefined) this.#do(step.end, ws, step);
    }
  }

  #do(name, ws, step) {
    const { does, ...rest } = step;
    delete rest.end;
    // What is left of a socket that is over goes in its own time (sockets/ends has the cases).
    if (ws.readyState === 3 && ['accept', 'tags', 'hibernate'].includes(does)) return;
    const outcome = attemptSync(() => this.#done(name, ws, step));
    const state = this.#left.has(name) ? '' : ws.readyState;
    this.log(name, `${does} ${line(rest)} -> ${line(outcome)}; ${state}`);
  }

  #done(name, ws, step) {
    switch (step.does) {
      case 'send':
        return ws.send(revived(step.data));
      case 'close':
        return ws.close(...step.args);
      case 'state':
        // A client's extensions depend on what the server offers.
        return [
          this.#left.has(name) ? 'left' : ws.readyState,
          ws.url,
          ws.protocol,
          ws.url === null && ws.extensions,
          ws.binaryType,
        ];
      case 'accept':
        return step.options === null ? ws.accept() : ws.accept(step.options);
      case 'binaryType':
        ws.binaryType = step.value;
        return ws.binaryType;
      case 'listen':
        return this.#listen(name, step.type);
      case 'attach':
        return ws.serializeAttachment(revived(step.value));
      case 'attachment':
        return ws.deserializeAttachment();
      default:
        return this.#doneByObject(ws, step);
    }
  }

  #doneByObject(ws, { does, tag, pair, tags, value }) {
    const ctx = this.#ctx;
    switch (does) {
      case 'list':
        return (tag === null ? ctx.getWebSockets() : ctx.getWebSockets(tag)).map((one) =>
          [this.nameOf(one), one.readyState].join(':'),
        );
      case 'tags':
        return ctx.getTags(ws);
      case 'auto':
        return pair === null
          ? ctx.setWebSocketAutoResponse()
          : ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(...pair));
      case 'autoGet':
        return [ctx.getWebSocketAutoResponse()?.request, ctx.getWebSocketAutoResponse()?.response];
      case 'timestamp':
        return typeof ctx.getWebSocketAutoResponseTimestamp(ws)?.getTime();
      case 'hibernate':
        return ctx.acceptWebSocket(ws, tags);
      case 'eventTimeout':
        return [
          value === null
            ? ctx.setHibernatableWebSocketEventTimeout()
            : ctx.setHibernatableWebSocketEventTimeout(value),
          ctx.getHibernatableWebSocketEventTimeout(),
        ];
      case 'put':
        return ctx.storage.kv.put('k', 1);
    }
  }

  /** All of one end, as text. */
  show() {
    return [...this.logs].flatMap(([name, log]) => [
      `${name}: ${this.#byName.get(name)?.readyState}`,
      ...log.map((text) => `  ${text}`),
    ]);
  }
}

export { Random, line };
