import { answer, attemptSync } from '../probe.js';

const statuses = [200, 201, 203, 205, 207, 299, 301, 306, 404, 418, 425, 499, 500, 508, 599];
const texts = [
  '',
  'Fine',
  'tab\there',
  'é',
  '中',
  'a\nb',
  'a\u0000b',
  '\u0080',
  5,
  null,
  undefined,
];

const probes = {
  defaults: () => statuses.map((status) => new Response(null, { status }).statusText),
  given: () =>
    texts.map((statusText) =>
      attemptSync(() => new Response(null, { status: 404, statusText }).statusText),
    ),
  copies: () => [
    new Response(null, { status: 404 }).clone().statusText,
    new Response(null, new Response(null, { status: 404 })).statusText,
    new Response(null, new Response(null, { status: 404, statusText: '' })).statusText,
    Response.json({}, { status: 404 }).statusText,
    Response.redirect('http://x/').statusText,
    Response.error().statusText,
  ],
};

export default {
  fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/wire') return answer(probes, request);
    const statusText = searchParams.get('text') ?? undefined;
    const status = Number(searchParams.get('status'));
    const body = [204, 205, 304].includes(status) ? null : 'body';
    return new Response(body, { status, statusText });
  },
};
