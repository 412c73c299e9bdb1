// What `wrangler types` makes of wrangler.toml.
interface Env {
  MY_DO_NAMESPACE: DurableObjectNamespace<import('./src/index').MyDurableObject>;
}
