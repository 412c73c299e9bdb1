'use strict';
// `holdfast/workers`: the classes of `cloudflare:workers` for code that is not bundled.

const { DurableObject } = require('./durable-object');
const { WorkerEntrypoint } = require('./worker-entrypoint');
const { RpcTarget } = require('../rpc/rpc-target');
const { RpcStub } = require('../rpc/rpc-stub');

module.exports = { DurableObject, WorkerEntrypoint, RpcTarget, RpcStub };
