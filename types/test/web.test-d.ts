// Compiled, never run.
import { EmailMessage } from 'cloudflare:email';
import { handleAsNodeRequest, httpServerHandler } from 'cloudflare:node';
import { connect } from 'cloudflare:sockets';
import { NonRetryableError } from 'cloudflare:workflows';

declare const sender: SendEmail;
declare function is<T>(value: T): void;

async function main() {
  const rewriter = new HTMLRewriter()
    .on('a[href]', {
      element(element) {
        is<string | null>(element.getAttribute('href'));
        element.setAttribute('rel', 'nofollow').append('<b>', { html: true });
        element.onEndTag((tag) => void tag.before('end'));
      },
    })
    .onDocument({ text: async (text) => void text.replace(text.text.toUpperCase()) });
  is<Response>(rewriter.transform(new Response('')));
  // @ts-expect-error a rewriter takes a Response
  rewriter.transform('text');

  const socket = connect({ hostname: 'a.test', port: 25 }, { secureTransport: 'starttls' });
  is<string | undefined>((await socket.opened).remoteAddress);
  await socket.startTls().close();
  // @ts-expect-error no such transport
  connect('a.test:25', { secureTransport: 'tls' });

  is<string>(new EmailMessage('a@a.test', 'b@b.test', 'raw').to);
  const mail = { from: 'a@a.test', subject: 'x', text: 'x' };
  is<string>(
    (await sender.send({ ...mail, to: ['b@b.test', { name: 'C', email: 'c@c.test' }] })).messageId,
  );
  await sender.send(new EmailMessage('a@a.test', 'b@b.test', 'raw'));
  // @ts-expect-error nobody would get it
  await sender.send(mail);
  is<Error>(new NonRetryableError('no'));
  const digest = new crypto.DigestStream('SHA-256');
  is<ArrayBuffer>(await digest.digest);
  is<boolean>(crypto.subtle.timingSafeEqual(new Uint8Array(1), new Uint8Array(1)));
  is<Response | undefined>(await caches.default.match('http://a.test/'));
  is<TransformStream>(new FixedLengthStream(5));
}

addEventListener('fetch', (event) => {
  event.waitUntil(main());
  event.passThroughOnException();
  event.respondWith(new Response(event.request.url));
});
addEventListener('scheduled', (event) => is<string>(event.cron));

export const served: ExportedHandler = httpServerHandler({ port: 8080 });
export const answered: Promise<Response> = handleAsNodeRequest(8080, new Request('http://a.test/'));
// @ts-expect-error: not a port
httpServerHandler('8080');
