import { frameBytes } from '../../harness/raw-socket.mjs';

export const config = {
  bindings: { DIARY: 'Diary' },
  classes: { Diary: { sqlite: true } },
  concurrent: true,
};

/** An idle object is evicted after 10 s (S2.2.3). */
const evictionMs = 13_000;
const settledMs = 600;

const text = (payload, more = {}) => ({ opcode: 1, payload, ...more });
const binary = (payload) => ({ opcode: 2, payload });
const ping = (payload) => ({ opcode: 9, payload });
const more = (payload, fin) => ({ opcode: 0, payload, fin });
const close = (code, reason = '') => ({
  opcode: 8,
  payload: code ? String.fromCharCode(code >> 8, code & 255) + reason : '',
});
const bytesOf = (frames) => Buffer.concat(frames.map(frameBytes));

/** Sockets of the object `object`, with names. */
async function open(t, object, names, query = '') {
  const sockets = new Map();
  for (const name of names)
    sockets.set(name, await t.rawSocket(`/${object}/?name=${name}${query}`));
  return sockets;
}

/** What the clients got, and what the object has written down. */
async function tell(t, object, sockets) {
  for (const [name, { events }] of sockets) {
    t.note(name);
    for (const event of events) t.note(`  ${event}`);
  }
  await t.fetch(`/${object}/shown`);
}

/** Frames that one client sends, in chunks of its connection. */
const sends = (name, object, ...chunks) => ({
  name,
  steps: async (t) => {
    const sockets = await open(t, object, ['s'], '&auto');
    for (const chunk of chunks) {
      sockets.get('s').write(Buffer.isBuffer(chunk) ? chunk : bytesOf(chunk));
      await t.pause(30);
    }
    await t.pause(settledMs);
    sockets.get('s').leave('finishes');
    await t.pause(settledMs);
    await tell(t, object, sockets);
  },
});

const inPieces = (frames, size) => {
  const bytes = bytesOf(frames);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
};

/** Messages that come together for an object that is not there. `act` is given the sockets. */
const wakes = (name, object, names, act, { plan, waits = settledMs, status } = {}) => ({
  name,
  status,
  steps: async (t) => {
    const sockets = await open(t, object, names);
    if (plan) await t.quiet(`/${object}/plan?${plan}`);
    await t.pause(evictionMs);
    await act(sockets, t);
    await t.pause(waits);
    await tell(t, object, sockets);
  },
});

const together = (name, frames) => (sockets) => sockets.get(name).write(bytesOf(frames));
const atOnce = (frames) => (sockets) => {
  for (const socket of sockets.values()) socket.write(bytesOf(frames));
};
const five = ['1', '2', '3', '4', '5'].map((payload) => text(payload));

export const cases = [
  sends('S6.4 several frames in one segment', 'segment', [
    text('one'),
    ping('p'),
    binary('\0\xff'),
    text(''),
    text('echo'),
    text('last'),
  ]),
  // Not together with a ping: workerd comes to a stop then, now and again.
  sends('S6.13.3 automatic answers in one segment', 'automatic', [
    text('ping'),
    text('one'),
    text('ping'),
    text('echo'),
  ]),
  sends('S6.4 a frame byte by byte', 'bytes', ...inPieces([text('text'), binary('ab')], 1)),
  sends(
    'S6.4 frames that are cut anywhere',
    'cut',
    ...inPieces([text('x'.repeat(300)), ping('abc'), text('echo'), text('last')], 101),
  ),
  sends('S6.4 control frames within a message', 'control', [
    text('a', { fin: false }),
    ping('1'),
    more('b', false),
    { opcode: 10, payload: 'nobody asked' },
    more('c', true),
    text('echo'),
  ]),
  sends(
    'S6.4 control frames within a message, one by one',
    'controls',
    [text('a', { fin: false })],
    [ping('1')],
    [more('b', false)],
    [ping('2')],
    [more('', false)],
    [more('c', true)],
  ),
  sends('S6.6.3 a Close within a message', 'within', [
    text('a', { fin: false }),
    close(4002, 'within'),
    more('b', true),
  ]),
  sends('S6.6.3 a message and a Close in one segment', 'both', [text('one'), close(4003, 'bye')]),
  sends('S6.6.3 a Close and a message in one segment', 'after', [
    close(4003, 'bye'),
    text('after it'),
    close(4004, 'again'),
  ]),
  sends('S6.12.5 a message that closes, and messages behind it', 'closes', [
    text('one'),
    text('close'),
    text('behind'),
    text('echo'),
  ]),
  sends('S6.12.2 messages behind one that takes its time', 'slow', [
    text('slow'),
    text('behind'),
    text('slow'),
    close(4005, 'at last'),
  ]),
  sends('S6.15 messages behind one that aborts', 'aborts', [text('one'), text('abort'), text('2')]),
  {
    name: 'S6.2.1 frames behind the handshake',
    steps: async (t) => {
      const behind = bytesOf([text('early'), ping('p'), text('echo')]);
      const socket = await t.rawSocket('/early/?name=s', behind);
      await t.pause(settledMs);
      await tell(t, 'early', new Map([['s', socket]]));
    },
  },
  wakes('S6.12.7 several messages of one socket wake it', 'one', ['s'], together('s', five)),
  wakes(
    'S6.12.7 messages of several sockets wake it',
    'several',
    ['s0', 's1', 's2'],
    atOnce([text('a'), text('b')]),
  ),
  wakes(
    'S6.12.7 a message and a Close wake it',
    'close',
    ['s0', 's1'],
    atOnce([text('a'), close(4006, 'asleep')]),
  ),
  wakes('S6.12.3 closes of many sockets wake it', 'closes-all', ['s0', 's1', 's2'], (sockets) => {
    sockets.get('s0').write(bytesOf([close(4007)]));
    sockets.get('s1').leave('finishes');
    sockets.get('s2').leave('resets');
  }),
  wakes(
    'S2.8.1 messages while the section of the constructor is open',
    'section',
    ['s0', 's1'],
    atOnce([text('a'), text('echo')]),
    { plan: 'kind=waits&lives=1', waits: 3 * settledMs },
  ),
  wakes(
    'S2.8.3 messages while the section of the constructor fails',
    'section-fails',
    ['s0', 's1'],
    async (sockets, t) => {
      sockets.get('s0').write(bytesOf([text('a'), text('b')]));
      await t.pause(3 * settledMs);
      sockets.get('s1').write(bytesOf([text('echo')]));
    },
    { plan: 'kind=fails&lives=1', waits: 2 * settledMs },
  ),
  wakes(
    'S2.8.3 messages for a constructor that throws',
    'throws',
    ['s0', 's1'],
    async (sockets, t) => {
      sockets.get('s0').write(bytesOf([text('a'), text('b')]));
      await t.pause(settledMs);
      sockets.get('s1').write(bytesOf([text('echo')]));
    },
    { plan: 'kind=throws&lives=1', status: 500 }, // its writes are rolled back: it throws ever again
  ),
  {
    name: 'S6.15 sockets of an object that was aborted from outside',
    steps: async (t) => {
      const sockets = await open(t, 'stopped', ['s0', 's1']);
      sockets.get('s0').write(bytesOf([text('one')]));
      await t.pause(settledMs);
      await t.fetch('/stopped/stop');
      sockets.get('s0').write(bytesOf([text('two')]));
      sockets.get('s1').write(bytesOf([close(4008)]));
      await t.pause(settledMs);
      await tell(t, 'stopped', sockets);
    },
  },
  {
    name: 'S6.12.3 a hundred sockets that close at once',
    steps: async (t) => {
      const names = Array.from({ length: 100 }, (_, i) => `s${i}`);
      const sockets = await open(t, 'hundred', names);
      for (const [i, socket] of [...sockets.values()].entries()) {
        if (i % 3 === 0) socket.write(bytesOf([text('bye'), close(4009)]));
        else socket.leave(i % 3 === 1 ? 'finishes' : 'resets');
      }
      await t.quietUntil('/hundred/counts', '"closes":100');
      await t.fetch('/hundred/counts');
    },
  },
  {
    name: 'S6.12.5 a hundred sockets that the object closes at once',
    steps: async (t) => {
      const names = Array.from({ length: 100 }, (_, i) => `s${i}`);
      const sockets = await open(t, 'closes-hundred', names);
      sockets.get('s50').write(bytesOf([text('close all')]));
      await t.pause(settledMs);
      for (const socket of sockets.values()) socket.write(bytesOf([close(4010)]));
      await t.pause(2 * settledMs);
      const ends = new Set([...sockets.values()].map(({ events }) => events[1]));
      t.note([...ends].join('; '));
      await t.fetch('/closes-hundred/counts');
    },
  },
  {
    name: 'S6.6.4 a socket that left, closed by its object',
    steps: async (t) => {
      const sockets = await open(t, 'left', ['s0', 's1']);
      sockets.get('s0').leave('finishes');
      sockets.get('s1').leave('resets');
      await t.pause(settledMs);
      await tell(t, 'left', sockets);
    },
  },
];
