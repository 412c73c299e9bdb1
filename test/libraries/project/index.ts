// One Worker over the packages that Durable Object projects import most: hono routes to objects that the others made.
import { routeAgentRequest } from 'agents';
import { newWorkersRpcResponse } from 'capnweb';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { streamSSE } from 'hono/streaming';
import { routePartykitRequest } from 'partyserver';
import { type Account, Bank } from './bank';

export { Account } from './bank';
export { Assistant } from './assistant';
export { Editor, Room } from './rooms';

type Bindings = Record<'Assistant' | 'Room' | 'Editor', DurableObjectNamespace> & {
  ACCOUNT: DurableObjectNamespace<Account>;
};

const app = new Hono<{ Bindings: Bindings }>();

app.use('/accounts/*', cors());

app.post('/accounts/:name/deposit', async (c) => {
  const { amount } = await c.req.json<{ amount: number }>();
  if (!(amount > 0)) return c.json({ error: 'no amount' }, 400);
  return c.json({ balance: await c.env.ACCOUNT.getByName(c.req.param('name')).deposit(amount) });
});

app.get('/accounts/:name/history', (c) =>
  streamSSE(c, async (stream) => {
    const history = await c.env.ACCOUNT.getByName(c.req.param('name')).history();
    for (const amount of history) await stream.writeSSE({ event: 'deposit', data: String(amount) });
  }),
);

app.all('/bank', (c) => newWorkersRpcResponse(c.req.raw, new Bank(c.env.ACCOUNT)));

app.all('*', async (c) => {
  const response =
    (await routeAgentRequest(c.req.raw, c.env)) ?? (await routePartykitRequest(c.req.raw, c.env));
  return response ?? c.notFound();
});

export default app;
