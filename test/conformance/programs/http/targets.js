/** Says which URL a request had, or whether it had a body. */
export default {
  fetch: ({ url, body }) => new Response(url.endsWith('/body') ? `${body !== null}` : url),
};
