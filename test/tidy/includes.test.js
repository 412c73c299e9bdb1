'use strict';

// Includes point down: node -> host -> {core, storage, net} -> sys -> base. Heavy or private headers
// of third parties stay where they belong.

const { checkIncludes } = require('./include-rules');
const { nativeFiles, read } = require('./source-files');

test('every include of native/ is allowed where it stands', () => {
  const files = nativeFiles();
  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap((file) => checkIncludes(file, read(file)))).toEqual([]);
});

describe('the rules refuse', () => {
  test.each([
    ['a room above', 'native/storage/x.cc', '"host/host.h"'],
    ['a neighbour', 'native/net/x.h', '"storage/engine.h"'],
    ['sys in core', 'native/core/x.h', '"sys/clock.h"'],
    ['anything in base', 'native/base/x.h', '"sys/clock.h"'],
    ['<napi.h> beside napi_setup.h', 'native/node/x.cc', '<napi.h>'],
    ['the C N-API outside node', 'native/host/x.cc', '<node_api.h>'],
    ['libuv outside node', 'native/host/x.cc', '<uv.h>'],
    ['Asio in a public header', 'native/net/server.h', '<boost/asio/io_context.hpp>'],
    ['Beast in storage', 'native/storage/x.cc', '<boost/beast.hpp>'],
    ['<boost/crc.hpp> in a header of storage', 'native/storage/x.h', '<boost/crc.hpp>'],
    ['<boost/crc.hpp> in net', 'native/net/x.cc', '<boost/crc.hpp>'],
    ['<sqlite3.h> in host', 'native/host/x.cc', '<sqlite3.h>'],
    ['<sqlite3.h> by a path', 'native/host/x.cc', '"deps/sqlite3.h"'],
    ['a header of ours by a path without its room', 'native/net/x.cc', '"server.h"'],
    ['the detail of another room', 'native/host/x.cc', '"net/detail/session.h"'],
  ])('%s', (_what, file, include) => {
    expect(checkIncludes(file, `#pragma once\n#include ${include}\n`)).toHaveLength(1);
  });
});

describe('the rules allow', () => {
  test.each([
    ['native/node/x.cc', '"host/host.h"'],
    ['native/node/napi_setup.h', '<napi.h>'],
    ['native/host/x.cc', '"net/server.h"'],
    ['native/net/x.cc', '<boost/beast/http.hpp>'],
    ['native/net/detail/session.h', '<boost/asio/io_context.hpp>'],
    ['native/storage/x.cc', '<boost/crc.hpp>'],
    ['native/storage/detail/statement.h', '<sqlite3.h>'],
    ['native/storage/x.cc', '"storage/detail/statement.h"'],
    ['native/core/x.cc', '"base/ids.h"'],
    ['native/core/x.cc', '<vector>'],
  ])('%s to include %s', (file, include) => {
    expect(checkIncludes(file, `#include ${include}\n`)).toEqual([]);
  });
});
