import { DurableObject } from 'cloudflare:workers';

/** What happened, by the name of the case. */
const seen = {};

function watch(request, log) {
  log.push(`aborted at first: ${request.signal.aborted}`);
  request.signal.addEventListener('abort', (event) => {
    const { reason } = request.signal;
    log.push(`abort ${event.type} ${reason?.name}: ${reason?.message}`);
  });
}

/** Cases that may go on. */
const released = new Set();

async function untilReleased(name) {
  for (let i = 0; i < 800 && !released.has(name); i++) await scheduler.wait(10);
}

/** Until the signal tells, or for long enough that a test without it fails. */
async function untilAborted(signal) {
  for (let i = 0; i < 800 && !signal.aborted; i++) await scheduler.wait(10);
}

async function untilEnd(log) {
  for (let i = 0; i < 800 && !log.includes('end'); i++) await scheduler.wait(10);
}

const routes = {
  async handler(request, log, ctx) {
    watch(request, log);
    ctx.waitUntil(
      untilAborted(request.signal)
        .then(() => scheduler.wait(200))
        .then(() => log.push('waitUntil went on', 'end')),
    );
    await untilAborted(request.signal);
    log.push(`the handler went on, aborted: ${request.signal.aborted}`);
    return new Response('nobody reads this');
  },
  async late(request, log) {
    log.push('waiting');
    await untilReleased('late');
    log.push(`asked late: ${request.signal.aborted} ${request.signal.reason?.name}`);
    log.push('end');
    return new Response('nobody reads this');
  },
  async upload(request, log) {
    watch(request, log);
    log.push('reading');
    try {
      await request.text();
      log.push('the body was complete');
    } catch (error) {
      log.push(`the body failed: ${error instanceof Error}`);
    }
    log.push('end');
    return new Response('nobody reads this');
  },
  stream(request, log) {
    watch(request, log);
    return new Response(
      new ReadableStream({
        async pull(controller) {
          await scheduler.wait(10);
          controller.enqueue(new TextEncoder().encode('x'.repeat(1000)));
        },
        cancel(reason) {
          log.push(`cancelled: ${reason}`);
          scheduler.wait(50).then(() => log.push('end'));
        },
      }),
    );
  },
  transform(request, log, ctx) {
    watch(request, log);
    const { readable, writable } = new TransformStream();
    const write = async () => {
      const writer = writable.getWriter();
      try {
        for (;;) {
          await writer.write(new Uint8Array(1000));
          await scheduler.wait(10);
        }
      } catch (reason) {
        log.push(`write refused: ${reason}`);
        log.push('end');
      }
    };
    ctx.waitUntil(write());
    return new Response(readable);
  },
  async subrequest(request, log, ctx, env) {
    watch(request, log);
    const answer = await env.ECHO.getByName('slow').fetch(
      new Request('http://do/slow', { signal: request.signal }),
    );
    log.push(`the subrequest was answered: ${await answer.text()}`);
    log.push('end');
    return new Response('nobody reads this');
  },
  /** What an object writes is the object's: who passes it on hears nothing of the client any more. */
  passed(request, log, ctx, env) {
    watch(request, log);
    return env.ECHO.getByName('passed').fetch('http://do/stream');
  },
  released(request, log, ctx, env) {
    return env.ECHO.getByName('released').stream();
  },
};

/** One each 10 ms, until nobody takes them. */
function lines(log) {
  return new ReadableStream({
    async pull(controller) {
      await scheduler.wait(10);
      controller.enqueue(new TextEncoder().encode('line'));
    },
    cancel(reason) {
      log.push(`cancelled: ${reason}`);
      scheduler.wait(50).then(() => log.push('end'));
    },
  });
}

export class Echo extends DurableObject {
  async fetch(request) {
    if (request.url.endsWith('/stream')) {
      const log = seen[this.ctx.id.name];
      request.signal.addEventListener('abort', () => log.push('the object heard'));
      return new Response(lines(log));
    }
    await untilReleased('subrequest');
    return new Response('by the object');
  }

  stream() {
    return new Response(lines(seen[this.ctx.id.name]));
  }
}

export default {
  fetch(request, env, ctx) {
    const [, route, name] = new URL(request.url).pathname.split('/');
    if (route === 'seen') return new Response((seen[name] ?? []).join('\n'));
    if (route === 'release') {
      released.add(name);
      return new Response('released');
    }
    const log = (seen[name] ??= []);
    // workerd ends what a client that is gone has asked for, unless waitUntil() keeps it.
    ctx.waitUntil(untilEnd(log));
    return routes[route](request, log, ctx, env);
  },
};
