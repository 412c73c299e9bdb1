// What `env` of `cloudflare:test` and `cloudflare:workers` has.
declare namespace Cloudflare {
  interface Env extends ChatEnv {}
}

type ChatEnv = import('../src/index').Env;
