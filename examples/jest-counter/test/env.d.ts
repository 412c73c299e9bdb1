// What `env` of `cloudflare:test` and `cloudflare:workers` has.
declare namespace Cloudflare {
  interface Env extends CounterEnv {}
}

type CounterEnv = import('../src/counter').Env;
