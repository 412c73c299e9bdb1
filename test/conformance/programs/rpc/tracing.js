// tracing of cloudflare:workers and of ctx: spans that nobody collects, whose callbacks run all the same.
import { DurableObject, tracing } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

const namesOf = (object) => Object.getOwnPropertyNames(Object.getPrototypeOf(object)).sort();
const classOf = (value) => Object.getPrototypeOf(value)?.constructor?.name;

const probes = {
  surface: ({ ctx }) => ({
    class: classOf(tracing),
    tag: Object.prototype.toString.call(tracing),
    names: namesOf(tracing),
    own: Object.getOwnPropertyNames(tracing),
    onContext: typeof ctx.tracing,
    classOnContext: ctx.tracing && [ctx.tracing === tracing, classOf(ctx.tracing)],
    ownOfContext: Object.hasOwn(ctx, 'tracing'),
    enumerated: Object.keys(ctx).includes('tracing'),
    slot: Object.keys(Object.getOwnPropertyDescriptor(ctx, 'tracing') ?? {}),
    sameOfContext: ctx.tracing === ctx.tracing,
    span: typeof tracing.Span,
    spans: namesOf(tracing.startSpan('a')),
    isSpan: tracing.startSpan('a') instanceof tracing.Span,
    made: Object.prototype.toString.call(tracing.startSpan('a')),
  }),

  async construct() {
    return [
      await attempt(() => new tracing.Span()),
      await attempt(() => new (Object.getPrototypeOf(tracing).constructor)()),
    ];
  },

  async spans() {
    const span = tracing.startSpan('work');
    return [
      span.isTraced,
      span.setAttribute('a', 1) === span,
      span.setAttribute('b', undefined) === span,
      span.setAttributes({ c: 'x', d: true, e: undefined }) === span,
      await attempt(() => span.setAttribute('f')),
      await attempt(() => span.setAttribute()),
      await attempt(() => span.setAttribute('g', {}) === span),
      await attempt(() => span.setAttribute('g', null) === span),
      await attempt(() => span.setAttribute('g', Symbol('s')) === span),
      await attempt(() => span.setAttributes() === span),
      await attempt(() => span.setAttributes('text') === span),
      await attempt(() => span.setAttributes({ h: {} }) === span),
      span.end(),
      span.end(),
      span.isTraced,
      span.setAttribute('late', 1) === span,
    ];
  },

  async more() {
    const span = tracing.startSpan('work');
    const context = await attempt(() => span.spanContext());
    const outcomes = [];
    const calls = {
      recordException: [
        [],
        [new Error('x')],
        ['text'],
        [null],
        [{ message: 'm' }],
        [new Error('x'), 5],
      ],
      setStatus: [
        [],
        [{ code: 1 }],
        [{ code: 2, message: 'm' }],
        [{}],
        ['ok'],
        [{ code: 'x' }],
        [{ code: 'ok' }],
        [{ code: 'unset' }],
        [{ code: 'error', message: 'm' }],
        [{ code: 9 }],
      ],
      updateName: [[], ['other'], [1], [Symbol('s')]],
      spanContext: [[], [1]],
      end: [[1], [new Date()]],
    };
    for (const [method, all] of Object.entries(calls))
      for (const args of all)
        outcomes.push([
          method,
          await attempt(() => {
            const result = span[method](...args);
            return result === span ? 'the span' : result;
          }),
        ]);
    return [context, outcomes];
  },

  async callbacks() {
    const seen = [];
    const note = (span, ...args) => {
      seen.push([classOf(span), span.isTraced, args]);
      return args.length;
    };
    const failing = () => {
      throw new RangeError('no');
    };
    const rejecting = async () => failing();
    const results = [];
    for (const method of ['enterSpan', 'startActiveSpan']) {
      results.push([
        tracing[method]('a', note),
        tracing[method]('a', note, 1, 'two'),
        await tracing[method]('a', async (span) => span.isTraced),
        await attempt(() => tracing[method]('a', failing)),
        await attempt(() => tracing[method]('a', rejecting)),
        tracing[method]('a', function () {
          return this === undefined || this === globalThis;
        }),
        await attempt(() => tracing[method]()),
        await attempt(() => tracing[method]('a')),
        await attempt(() => tracing[method]('a', 'text')),
        await attempt(() => tracing[method]('a', {})),
        tracing[method](1, (span) => classOf(span)),
        tracing[method]('x'.repeat(1000), (span) => classOf(span)),
      ]);
    }
    return [results, seen];
  },

  async active() {
    const outside = tracing.getActiveSpan?.();
    return [
      classOf(outside ?? {}),
      await attempt(() => tracing.getActiveSpan() === tracing.getActiveSpan()),
      tracing.enterSpan('a', (span) => {
        const inside = tracing.getActiveSpan();
        return [inside === span, classOf(inside ?? {}), inside?.isTraced];
      }),
      await tracing.startActiveSpan('a', async (span) => {
        await null;
        return tracing.getActiveSpan() === span;
      }),
    ];
  },

  async within() {
    const span = tracing.startSpan('a');
    return [
      await attempt(() => tracing.withActiveSpan(span, (...args) => args.length, 1, 2)),
      await attempt(() => tracing.withActiveSpan(span, () => tracing.getActiveSpan() === span)),
      await attempt(() => tracing.withActiveSpan(span)),
      await attempt(() => tracing.withActiveSpan({}, () => 1)),
      await attempt(() => tracing.withActiveSpan(null, () => 1)),
      await attempt(() => tracing.withActiveSpan()),
      await attempt(() => tracing.startSpan()),
    ];
  },
};

const atStart = [
  classOf(tracing.startSpan('a')),
  tracing.enterSpan('a', (span) => [span.isTraced, 7]),
];

export class Traced extends DurableObject {
  fetch(request) {
    return answer(probes, request, { ctx: this.ctx });
  }
}

export default {
  fetch(request, env, ctx) {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/start') return Response.json(atStart);
    if (search === '?in=object') return env.TRACED.getByName('a').fetch(request);
    return answer(probes, request, { ctx });
  },
};
