// The limits that createRuntime({ limits }) sets, by the names that docs/limits.md lists.
//
// Contract: visitLimits() calls `visit(name, value)` for each, with a reference to the number that
// it stands for: one list for reading them and for telling JavaScript their names and defaults.
#pragma once

#include "host/actor_stores.h"
#include "net/server.h"
#include "storage/engine.h"

namespace holdfast::node {

template <typename Visit>
void visitLimits(net::Limits& server, storage::EngineOptions& storage, host::StoreLimits& stores,
                 const Visit& visit) {
  visit("connectionsMax", server.connectionsMax);
  visit("connectionsPerAddressMax", server.connectionsPerAddressMax);
  visit("headerBytesMax", server.headerBytesMax);
  visit("headerFieldsMax", server.headerFieldsMax);
  visit("pipelinedRequestsMax", server.pipelinedRequestsMax);
  visit("bodyBytesMax", server.bodyBytesMax);
  visit("bodyWindowBytes", server.bodyWindowBytes);
  visit("inlineBodyBytesMax", server.inlineBodyBytesMax);
  visit("responseQueueBytesMax", server.responseQueueBytesMax);
  visit("headerTimeoutMs", server.headerTimeoutMs);
  visit("bodyIdleTimeoutMs", server.bodyIdleTimeoutMs);
  visit("bodyBytesPerSecondMin", server.bodyBytesPerSecondMin);
  visit("writeBytesPerSecondMin", server.writeBytesPerSecondMin);
  visit("rateGraceMs", server.rateGraceMs);
  visit("keepAliveTimeoutMs", server.keepAliveTimeoutMs);
  visit("writeIdleTimeoutMs", server.writeIdleTimeoutMs);
  visit("tlsHandshakeTimeoutMs", server.tlsHandshakeTimeoutMs);
  visit("lingerTimeoutMs", server.lingerTimeoutMs);
  visit("drainTimeoutMs", server.drainTimeoutMs);
  visit("socketMessageBytesMax", server.socketMessageBytesMax);
  visit("socketInboundBytesMax", server.socketInboundBytesMax);
  visit("socketOutboundBytesMax", server.socketOutboundBytesMax);
  visit("socketPingIntervalMs", server.socketPingIntervalMs);
  visit("closeHandshakeTimeoutMs", server.closeHandshakeTimeoutMs);
  visit("cachePagesPerObject", storage.cachePagesPerObject);
  visit("openFilesMax", storage.openFilesMax);
  visit("segmentBytes", storage.segmentBytes);
  visit("logReserveBytes", storage.logReserveBytes);
  visit("logBytesMax", storage.logBytesMax);
  visit("overlayBytesMax", storage.overlayBytesMax);
  visit("commitQueueBytesMax", storage.commitQueueBytesMax);
  visit("transactionBytesMax", storage.transactionBytesMax);
  visit("openDatabasesMax", stores.openDatabasesMax);
  visit("restAfterMs", stores.restAfterMs);
}

}  // namespace holdfast::node
