// What the runtime uses of the web classes. User code never sees this module.
//
// Settings: configureWeb() once, before user code runs (settings.js).
// HTTP: requestFromWire / NativeBody in, responseParts out; requestForDelivery and responseForDelivery inside (delivery.js).
// Sockets: couple() for a Response's webSocket; prepareHibernation() and webSocketFromHibernation() for ctx.acceptWebSocket;
// port*() feed what arrives; killWebSocket() cuts (socket-host.js).
//
// Thread: the shard's.
'use strict';

const delivery = require('./delivery.js');
const { Headers } = require('./headers.js');
const { goneReason } = require('./identity-transform-stream.js');
const { NativeBody } = require('./native-body.js');
const { Request } = require('./request.js');
const { Response, isResponse } = require('./response.js');
const { configureWeb, settingsFromFlags } = require('./settings.js');
const sockets = require('./socket-host.js');
require('./stored-forms.js');
const { WebSocket, isWebSocket } = require('./web-socket.js');
const { WebSocketPair } = require('./web-socket-pair.js');
const { WebSocketRequestResponsePair } = require('./request-response-pair.js');
const { installGlobals, installInside } = require('./install-globals.js');
const { GlobalScope } = require('./global-scope.js');
const { globalValues, lazyValues } = require('./global-values.js');
const { responseForHost } = require('./for-host.js');
const { ServiceWorkerGlobalScope, makeEventScope } = require('./scope-events.js');

module.exports = {
  ...delivery,
  ...sockets,
  Headers,
  NativeBody,
  Request,
  Response,
  WebSocket,
  WebSocketPair,
  WebSocketRequestResponsePair,
  goneReason,
  isResponse,
  isWebSocket,
  configureWeb,
  settingsFromFlags,
  installGlobals,
  installInside,
  GlobalScope,
  ServiceWorkerGlobalScope,
  globalValues,
  lazyValues,
  makeEventScope,
  responseForHost,
};
