/* global TEXT */
// Service Worker syntax: nothing is exported, bindings are globals.

const text = (value) =>
  typeof value === 'string'
    ? value
    : value instanceof Error || value instanceof DOMException
      ? `${value.name}: ${value.message}`
      : JSON.stringify(value);
const attempt = (action) => {
  try {
    return text(action() ?? null);
  } catch (error) {
    return text(error);
  }
};
const notes = [];
let lastEvent;

const paths = {
  '/event': (event) => {
    event.respondWith(
      new Response(
        [
          Object.prototype.toString.call(event),
          event.type,
          event.constructor.name,
          event instanceof ExtendableEvent,
          event.request instanceof Request,
          event.request.method,
          typeof event.waitUntil,
          typeof event.passThroughOnException,
        ].join('\n'),
      ),
    );
  },
  '/bindings': (event) => {
    event.respondWith(
      Response.json([TEXT, self.TEXT, globalThis.LIST, 'TEXT' in globalThis, typeof MISSING]),
    );
  },
  '/promise': (event) => event.respondWith(Promise.resolve(new Response('later', { status: 201 }))),
  '/refused': (event) => {
    const seen = [
      attempt(() => event.respondWith()),
      attempt(() => event.respondWith(5)),
      attempt(() => event.waitUntil()),
      attempt(() => event.waitUntil(5)),
    ];
    event.respondWith(
      new Promise((resolve) => setTimeout(() => resolve(new Response(seen.join('\n'))))),
    );
    seen.push(attempt(() => event.respondWith(new Response('second'))));
  },
  '/late': (event) => {
    event.respondWith(
      new Promise((resolve) => {
        setTimeout(() =>
          resolve(new Response(attempt(() => lastEvent.respondWith(new Response('late'))))),
        );
      }),
    );
  },
  '/remember': (event) => {
    lastEvent = event;
    event.respondWith(new Response('remembered'));
  },
  '/throws': () => {
    throw new TypeError('on purpose');
  },
  '/rejects': (event) => event.respondWith(Promise.reject(new TypeError('on purpose'))),
  '/no-response': (event) => event.respondWith(Promise.resolve('text')),
  '/wait-until': (event) => {
    event.waitUntil(Promise.resolve().then(() => notes.push('waited')));
    event.respondWith(new Response('ok'));
  },
  '/notes': (event) => event.respondWith(new Response(notes.join('\n'))),
  '/removed': (event) =>
    event.respondWith(Response.json(notes.filter((note) => note === 'removed'))),
};

const removed = () => notes.push('removed');
addEventListener('fetch', removed);
removeEventListener('fetch', removed);
addEventListener('fetch', (event) => {
  paths[new URL(event.request.url).pathname]?.(event);
});
addEventListener('fetch', {
  handleEvent(event) {
    // Only what nobody has answered comes here.
    event.respondWith(new Response(`second listener: ${new URL(event.request.url).pathname}`));
  },
});
addEventListener('custom', (event) => notes.push(`custom ${event.type}`), { once: true });
dispatchEvent(new Event('custom'));
dispatchEvent(new Event('custom'));
