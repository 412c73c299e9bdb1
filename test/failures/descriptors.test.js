// When the descriptors of the process are used up, new connections wait, it is said once, and nobody else notices.
'use strict';

const net = require('node:net');
const { temporaryDirectory } = require('../support/server');
const { openSocket } = require('../support/socket');
const { failureOf, run } = require('./disks');
const { start, unless } = require('./fixture');

const DESCRIPTORS = 200;
const CONNECTIONS = 220;
const NOTICE = /as many open descriptors as it may have/g;
const REQUEST = 'GET /read/waits HTTP/1.1\r\nHost: a\r\n\r\n';

/** @param {number} port @returns {Promise<net.Socket>} connected, at least as far as the kernel knows */
function connect(port) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** @param {net.Socket} socket @returns {Promise<string>} the status line of the answer */
function ask(socket) {
  socket.write(REQUEST);
  return new Promise((resolve, reject) => {
    socket.once('data', (data) => resolve(String(data).split('\r\n')[0]));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without an answer')));
  });
}

unless(failureOf(['prlimit', '--version']))(
  'no descriptors left: accepting pauses, says so once, and goes on; open connections notice nothing',
  async () => {
    const server = await start(temporaryDirectory());
    const open = await openSocket(`${server.wsUrl}/socket/one`);
    run(['prlimit', `--pid=${server.pid}`, `--nofile=${DESCRIPTORS}:${DESCRIPTORS}`]);

    const sockets = await Promise.all(
      Array.from({ length: CONNECTIONS }, () => connect(server.port)),
    );
    await server.waitForOutput(NOTICE, { stream: 'stderr' });
    // Each arrival is a chance to accept one more, until none is left for files.
    for (let i = 0; i < DESCRIPTORS / 4; i += 1) sockets.unshift(await connect(server.port));
    // The last one waits in the backlog: its request is there and not answered while others are.
    const last = /** @type {net.Socket} */ (sockets.at(-1));
    let isAnswered = false;
    const answer = ask(last).then((line) => {
      isAnswered = true;
      return line;
    });
    // Objects that were never used need files of their own.
    for (const name of ['a', 'b', 'c']) {
      open.send(name);
      expect(await open.next()).toBe(`stored ${name}`);
    }
    expect(isAnswered).toBe(false);

    for (const socket of sockets) if (socket !== last) socket.destroy();
    expect(await answer).toBe('HTTP/1.1 200 OK');
    expect(server.output.stderr.match(NOTICE)).toHaveLength(1);
    last.destroy();
    expect((await server.stop()).code).toBe(0);
  },
);
