import { cloudflareTest } from 'holdfast/vitest';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [
    cloudflareTest({
      main: './src/index.mjs',
      miniflare: {
        compatibilityDate: '2026-01-01',
        compatibilityFlags: ['service_binding_extra_handlers', 'allow_irrevocable_stub_storage'],
        bindings: { TEXT: 'from the options' },
        kvNamespaces: ['KV'],
        sitePath: './src',
        siteExclude: ['other.mjs'],
        serviceBindings: {
          OTHER: 'other',
          async ECHO(request: Request) {
            const body = await request.text();
            const headers = { 'x-was': request.headers.get('x-is') ?? '' };
            return new Response(`${request.method} ${request.url} ${body}`, {
              status: 201,
              headers,
            });
          },
          THROWS() {
            throw new Error('of the service');
          },
        },
        outboundService: (request: Request) => new Response(`outside: ${request.url}`),
        durableObjects: {
          THEIRS: { className: 'Theirs', scriptName: 'other' },
          KEEPER: { className: 'Keeper', useSQLite: true },
        },
        workers: [
          {
            name: 'other',
            modules: true,
            scriptPath: './src/other.mjs',
            bindings: { NAME: 'other' },
            durableObjects: { THEIRS: 'Theirs' },
          },
        ],
      },
    }),
  ],
});
