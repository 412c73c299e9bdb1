'use strict';
// holdfast: Durable Objects and Workers inside Node.

const { createRuntime } = require('./create-runtime');
const { DurableObject } = require('./workers/durable-object');
const { WorkerEntrypoint } = require('./workers/worker-entrypoint');
const { serviceOf } = require('./workers/function-service');
const { RpcTarget } = require('./rpc/rpc-target');
const { RpcStub } = require('./rpc/rpc-stub');

module.exports = { createRuntime, DurableObject, WorkerEntrypoint, RpcTarget, RpcStub, serviceOf };
