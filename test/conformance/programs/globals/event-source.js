import { answer, attempt } from '../probe.js';

const encoder = new TextEncoder();

/** A stream of these chunks. */
const streamOf = (...chunks) =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });

/** What a source tells until it is closed. */
function record(source, types = ['message']) {
  const told = [];
  return new Promise((resolve) => {
    source.onopen = () => told.push(`open ${source.readyState}`);
    for (const type of types)
      source.addEventListener(type, (event) => {
        told.push(
          `${event.type} ${JSON.stringify(event.data)} id ${event.lastEventId} at ${event.origin}`,
        );
      });
    source.onerror = (event) => {
      told.push(`error ${event.message} ${event.error?.name} ${source.readyState}`);
      source.close();
      resolve([...told, source.readyState]);
    };
  });
}

const probes = {
  messages: () =>
    record(
      EventSource.from(
        streamOf(
          ': comment\n',
          'data: one\n\n',
          'data:two\ndata\ndata:  three\n\nevent: named\ndata: x\n',
          'id: 7\n\n',
          'data: after\r\n\r\n',
          'id: 8\ndata: last\r\rdata: lost',
        ),
      ),
      ['message', 'named'],
    ),
  split: () =>
    record(EventSource.from(streamOf('\uFEFFda', 'ta: a', 'b\n', '\nda', 'ta: \u00e9\n\n'))),
  empty: () =>
    record(
      EventSource.from(
        streamOf('event: none\n\n', 'data:\n\n', 'retry: 5\n\n', 'unknown: x\n\n', 'data: y\n\n'),
      ),
    ),
  shape() {
    const source = EventSource.from(streamOf());
    const seen = [
      source.url,
      source.withCredentials,
      source.readyState,
      source.onopen,
      String(source),
    ];
    source.close();
    return [...seen, source.readyState, EventSource.OPEN, source.CLOSED];
  },
  refused: () =>
    Promise.all([
      attempt(() => new EventSource()),
      attempt(() => new EventSource('nothing')),
      attempt(() => new EventSource('http://a.test/', { withCredentials: true })),
      attempt(() => EventSource.from(5)),
      attempt(() => {
        const stream = streamOf();
        stream.getReader();
        return EventSource.from(stream);
      }),
    ]),
};

export default { fetch: (request, env) => answer(probes, request, env) };
