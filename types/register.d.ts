// `node --import holdfast/register`: makes `cloudflare:workers` and its like known to Node. Exports nothing.

/// <reference path="./cloudflare-workers.d.ts" />

export {};
