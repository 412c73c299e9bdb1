// `holdfast/workers`: the classes of `cloudflare:workers` for code that is not bundled. What belongs to one Worker
// (`env`, `exports`, `waitUntil`) has no meaning there: a process may run several.

/// <reference path="./cloudflare-workers.d.ts" />

export { DurableObject, RpcStub, RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
