// What the runtime uses of the web classes. User code never sees this module.
//
// Settings: configureWeb() once, before user code runs (settings.js).
// HTTP: requestFromWire / NativeBody in, responseParts out; requestForDelivery and responseForDelivery inside (delivery.js).
// Sockets: couple() for a Response's webSocket; prepareHibernation() and webSocketFromHibernation() for ctx.acceptWebSocket;
// port*() feed what arrives; killWebSocket() cuts (socket-host.js).
//
// Thread: the shard's.
'use strict';

const delivery = require('./fetch/delivery.js');
const { Headers } = require('./fetch/headers.js');
const { NativeBody } = require('./fetch/native-body.js');
const { Request } = require('./fetch/request.js');
const { Response, isResponse } = require('./fetch/response.js');
const { configureWeb, settingsFromFlags } = require('./settings.js');
const sockets = require('./sockets/socket-host.js');
require('./fetch/stored-forms.js');
const { WebSocket, isWebSocket } = require('./sockets/web-socket.js');
const { WebSocketPair } = require('./sockets/web-socket-pair.js');
const { WebSocketRequestResponsePair } = require('./sockets/request-response-pair.js');
const { installGlobals, installInside } = require('./scope/install-globals.js');
const { GlobalScope } = require('./scope/global-scope.js');
const { globalValues, lazyValues } = require('./scope/global-values.js');
const { parameterError } = require('./errors.js');
const { responseForHost } = require('./fetch/for-host.js');
const {
  goneReason,
  knownLength,
  tellGoneReason,
} = require('./streams/identity-transform-stream.js');
const { isPassedOn } = require('./streams/tied-stream.js');
const { ServiceWorkerGlobalScope, makeEventScope } = require('./events/scope-events.js');

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
  isPassedOn,
  knownLength,
  tellGoneReason,
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
  parameterError,
};
