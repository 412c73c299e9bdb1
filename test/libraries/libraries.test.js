// Packages that Durable Object projects import most, as they come from npm: agents, capnweb, hono, partyserver, y-partyserver.
// (test/orm has Drizzle and Kysely.)
'use strict';

const { newWebSocketRpcSession } = require('capnweb');
const { WebSocket } = require('ws');
const { startServer, temporaryDirectory } = require('../support/server');
const { openSocket } = require('../support/socket');
const { yjsClient } = require('../support/yjs-client');

const start = () => startServer({ project: 'test/libraries/project', args });
const args = ['--data-dir', temporaryDirectory('libraries')];

/** @type {import('../support/server').Server} */
let server;
beforeAll(async () => {
  server = await start();
}, 60_000);
afterAll(() => server?.kill());

/** @param {number} amount */
const deposit = (amount) =>
  fetch(`${server.url}/accounts/ann/deposit`, { method: 'POST', body: JSON.stringify({ amount }) });

/** A socket of an agent. @param {string} name */
async function openAgent(name) {
  const socket = await openSocket(`${server.url}/agents/assistant/${name}`);
  let calls = 0;
  /** @param {(message: any) => unknown} wanted */
  const until = async (wanted) => {
    for (;;) {
      const message = JSON.parse(String(await socket.next()));
      if (wanted(message)) return message;
    }
  };
  return {
    until,
    /** @param {string} method @param {...unknown} args */
    call(method, ...args) {
      const id = `call-${(calls += 1)}`;
      socket.send(JSON.stringify({ type: 'rpc', id, method, args }));
      return until((message) => message.type === 'rpc' && message.id === id);
    },
    terminate: () => socket.terminate(),
  };
}

test('hono: routes, middleware, JSON, a stream of events', async () => {
  const response = await deposit(5);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await response.json()).toEqual({ balance: 5 });
  expect((await deposit(-1)).status).toBe(400);
  expect(await (await deposit(7)).json()).toEqual({ balance: 12 });
  const events = await fetch(`${server.url}/accounts/ann/history`);
  expect(events.headers.get('content-type')).toBe('text/event-stream');
  expect(await events.text()).toBe('event: deposit\ndata: 5\n\nevent: deposit\ndata: 7\n\n');
  expect((await fetch(`${server.url}/nowhere`)).status).toBe(404);
});

test('capnweb: pipelined calls, callbacks and errors over a WebSocket', async () => {
  // A global of newer Nodes, which the package's client asks for.
  Object.assign(globalThis, { WebSocket });
  const socket = new WebSocket(`${server.url.replace(/^http/, 'ws')}/bank`);
  const bank = /** @type {any} */ (newWebSocketRpcSession(/** @type {any} */ (socket)));
  const account = bank.open('ben');
  expect(await account.deposit(3)).toBe(3);
  expect(await account.deposit(4)).toBe(7);
  /** @type {number[]} */
  const heard = [];
  expect(await account.eachDeposit((/** @type {number} */ amount) => void heard.push(amount))).toBe(
    2,
  );
  expect(heard).toEqual([3, 4]);
  await expect(bank.open('').deposit(1)).rejects.toThrow(new RangeError('an account has a name'));
  socket.terminate();
});

test('partyserver: tags, state of connections, broadcast', async () => {
  const room = `${server.url}/parties/room/kitchen`;
  const [ann, ben] = [
    await openSocket(`${room}?side=left`),
    await openSocket(`${room}?side=right`),
  ];
  expect(await ann.next()).toBe('welcome to kitchen');
  expect(await ben.next()).toBe('welcome to kitchen');
  ann.send('hello');
  ann.send('again');
  expect(await ben.next()).toBe('hello (1 sent, 1 on the left)');
  expect(await ben.next()).toBe('again (2 sent, 1 on the left)');
  for (const socket of [ann, ben]) socket.terminate();
});

test('y-partyserver: documents are shared and saved', async () => {
  const page = `${server.url}/parties/editor/page`;
  const [ann, ben] = [await openSocket(page), await openSocket(page)];
  const [annsPage, bensPage] = [yjsClient(require), yjsClient(require)];
  annsPage.text.insert(0, 'Hello, World');
  ann.send(annsPage.update());
  while (bensPage.text.toString() !== 'Hello, World') {
    const answer = bensPage.take(/** @type {Buffer} */ (await ben.next()));
    if (answer) ben.send(answer);
  }
  for (const socket of [ann, ben]) await socket.close(1000);
  let saved = '';
  while (saved !== 'Hello, World') saved = await (await fetch(page)).text();
});

test('agents: state, calls, errors, tasks', async () => {
  const [agent, other] = [await openAgent('helper'), await openAgent('helper')];
  expect(await agent.call('increment', 2)).toMatchObject({ success: true, result: 2 });
  const changed = await other.until((message) => message.state?.count === 2);
  expect(changed.type).toBe('cf_agent_state');
  expect(await agent.call('fail')).toMatchObject({ success: false, error: 'as it should' });
  expect(await agent.call('remind', 'tea')).toMatchObject({ success: true });
  expect(await other.until((message) => message.type === 'ring')).toEqual({
    type: 'ring',
    reminders: ['tea'],
  });
  for (const each of [agent, other]) each.terminate();
});

test('all of it is there after a restart', async () => {
  expect((await server.stop()).code).toBe(0);
  server = await start();
  expect(await (await fetch(`${server.url}/agents/assistant/helper`)).json()).toEqual({
    state: { count: 2 },
    name: 'helper',
  });
  expect(await (await fetch(`${server.url}/parties/editor/page`)).text()).toBe('Hello, World');
  expect(await (await deposit(1)).json()).toEqual({ balance: 13 });
});
