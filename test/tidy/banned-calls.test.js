'use strict';

// Clock, file, thread and random calls are for native/sys alone, so that everything else can be run
// by a test with a clock, a disk and a seed of its own.

const { checkCalls } = require('./banned-calls');
const { nativeFiles, read } = require('./source-files');

test('no file of native/ outside sys calls the system directly', () => {
  expect(nativeFiles().flatMap((file) => checkCalls(file, read(file)))).toEqual([]);
});

test.each([
  'auto now = std::chrono::steady_clock::now();',
  'time_t now = ::time(nullptr);',
  'time_t now = time(NULL);',
  'clock_gettime(CLOCK_MONOTONIC, &spec);',
  'std::thread worker_;',
  'std::jthread worker_;',
  'std::this_thread::sleep_for(1ms);',
  'usleep(10);',
  'int fd = ::open(path, O_RDONLY);',
  '::fsync(fd);',
  'if (::rename(from, to) != 0) return;',
  'std::ofstream out(path);',
  'std::filesystem::remove_all(path);',
  'FILE* file = fopen(path, mode);',
  'int n = rand();',
  'int n = std::rand();',
  'std::random_device device;',
  'std::mt19937_64 engine;',
])('%s is banned outside sys', (line) => {
  expect(checkCalls('native/net/x.cc', `void f() {\n  ${line}\n}\n`)).toEqual([
    expect.stringMatching(/^native\/net\/x\.cc:2: /),
  ]);
  expect(checkCalls('native/sys/x.cc', line)).toEqual([]);
});

test.each([
  'Result<Engine> Engine::open(const Options& options) {',
  'socket_.close(); file->rename(to);',
  'sys::Thread thread("io", run);',
  'std::thread::id owner_;',
  '// std::thread is banned here',
  'DO_CHECK(ok, "::open( failed");',
  'TimestampMs time(Handle handle);',
  'Status Database::mkdir(const std::string& name);',
])('%s is not', (line) => {
  expect(checkCalls('native/net/x.cc', line)).toEqual([]);
});
