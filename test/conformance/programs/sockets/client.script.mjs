import http from 'node:http';
import { WebSocketServer } from 'ws';
import { neighbourQuery } from '../../harness/neighbour.mjs';

/** Another host: its paths say what it does with a connection. */
const server = http.createServer();
const sockets = new WebSocketServer({ noServer: true });
server.on('upgrade', (request, socket, head) => {
  const path = request.url.split('/')[1];
  if (path === 'decline') {
    const head = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 4\r\nConnection: close\r\n\r\n';
    socket.end(`${head}away`);
    return;
  }
  sockets.handleUpgrade(request, socket, head, (ws) => {
    if (path === 'greet') ws.send('welcome');
    if (path === 'close') ws.close(4001, 'go away');
    if (path === 'drop') ws.terminate();
    ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }));
  });
});
const query = await neighbourQuery(server);

export const config = {
  bindings: { DIALER: 'Dialer' },
  classes: { Dialer: { sqlite: true } },
  localNetwork: true,
};

const names = {
  constructor: 'S6.8.1 new WebSocket(url, protocols)',
  fetch: 'S6.8.3 fetch with Upgrade',
  'in-object': 'S6.8.1 new WebSocket() inside an object',
  'in-object-fetch': 'S6.8.3 fetch with Upgrade inside an object',
  greeted: 'S6.8.3 what came before accept waits',
  'server-closes': 'S6.7.4 the other host closes',
  'server-drops': 'S6.6.4 the other host is gone',
  'url-as-given': 'S6.8.1 url is as given',
  'opened-misused': 'S6.8.1 accept() before and after open',
  declined: 'S6.8.2 another host declines',
  'declined-fetch': 'S6.8.3 another host declines a fetch',
  refused: 'S6.8.2 nobody listens',
  'refused-fetch': 'S6.8.3 nobody listens, with fetch',
  'refused-plain': 'S1.9.5 nobody listens, with a fetch of no socket',
};

/** A client of the Worker speaks to the other host through it. */
const through = (name, path) => ({
  name,
  steps: async (t) => {
    const ws = await t.connect(`/${path}?${query}`);
    ws.send('one');
    await ws.next();
    ws.send('two');
    await ws.next();
    ws.close(4005, 'enough');
    await ws.next();
  },
});

export const cases = [
  ...Object.entries(names).map(([probe, name]) => ({
    name,
    request: { path: `/${probe}?${query}` },
  })),
  through('S6.8.3 a Response of another host is passed on', 'passed-on'),
  through('S6.8.3 an object between its client and another host', 'relayed'),
];
