// The storage engine alone: no HTTP, no JavaScript. Figures of docs/design: durable one-put commits
// per second over N objects.
//
//   ninja -C bench/out/native holdfast_engine_bench && bench/out/native/holdfast_engine_bench
//
// Commits are made as fast as one thread can, as long as at most kWaitingMax wait for their flush;
// the time until the last one is durable counts. HOLDFAST_BENCH_DIR is the directory for the data
// (the current one by default): not a file system in memory.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/sqlite_engine.h"

namespace holdfast::storage {
namespace {

constexpr Lsn kWaitingMax = 4096;

class Waiter final : public DurabilitySink {
 public:
  void onDurable(Lsn lsn) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      durable_ = lsn;
    }
    changed_.notify_one();
  }
  void onFlushFailed(const Status& why) override {
    std::fprintf(stderr, "%s\n", why.message().c_str());
    std::abort();
  }
  void wait(Lsn lsn) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return durable_ >= lsn; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  Lsn durable_ = 0;
};

// The varying digits come first: real ids begin with bytes of a MAC.
std::string idOf(size_t number) {
  std::string hex(64, '0');
  for (size_t at = 0; number > 0; number /= 16, ++at) hex[at] = "0123456789abcdef"[number % 16];
  return hex;
}

class Fixture {
 public:
  explicit Fixture(Durability durability, EngineOptions options = {}) {
    const char* parent = std::getenv("HOLDFAST_BENCH_DIR");
    std::string pattern = std::string(parent == nullptr ? "." : parent) + "/.engine-bench-XXXXXX";
    directory_ = mkdtemp(pattern.data());
    options.dataDir = directory_ + "/data";
    options.durability = durability;
    engine = open(options);
    options_ = options;
  }
  ~Fixture() {
    engine.reset();
    std::filesystem::remove_all(directory_);
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  std::vector<std::unique_ptr<Database>> objects(size_t count) {
    std::vector<std::unique_ptr<Database>> databases;
    for (size_t i = 0; i < count; ++i) {
      databases.push_back(std::move(engine->openDatabase({"bench", idOf(i)})).value());
    }
    return databases;
  }

  // A copy of the data directory as a crash at this moment would leave it.
  EngineOptions crashed() {
    EngineOptions copied = options_;
    copied.dataDir = directory_ + "/crashed";
    std::filesystem::remove_all(copied.dataDir);
    std::filesystem::copy(options_.dataDir, copied.dataDir,
                          std::filesystem::copy_options::recursive);
    std::filesystem::remove(copied.dataDir + "/lock");
    return copied;
  }
  std::unique_ptr<SqliteEngine> open(const EngineOptions& options) {
    return std::move(
               SqliteEngine::open(options, waiter,
                                  {.files = sys::systemFileSystem(), .clock = sys::systemClock()}))
        .value();
  }

  Waiter waiter;
  std::unique_ptr<SqliteEngine> engine;

 private:
  EngineOptions options_;
  std::string directory_;
};

Lsn put(Database& db, const std::string& value) {
  if (!db.put("count", value).ok()) std::abort();
  return db.commit().value();
}

void report(benchmark::State& state, const CommitLog::Counters& before,
            const CommitLog::Counters& after) {
  const auto commits = static_cast<double>(after.commits - before.commits);
  const auto batches = static_cast<double>(after.batches - before.batches);
  state.counters["commits/s"] = benchmark::Counter(commits, benchmark::Counter::kIsRate);
  state.counters["flushes/s"] = benchmark::Counter(batches, benchmark::Counter::kIsRate);
  state.counters["batch"] = commits / batches;
  state.counters["bytes/commit"] = static_cast<double>(after.bytes - before.bytes) / commits;
}

void putInTurn(benchmark::State& state, Durability durability) {
  Fixture fixture(durability);
  const auto databases = fixture.objects(static_cast<size_t>(state.range(0)));
  uint64_t number = 0;
  Lsn last = 0;
  for (const auto& db : databases) last = put(*db, std::to_string(number++));
  fixture.waiter.wait(last);
  const CommitLog::Counters before = fixture.engine->log().counters();
  for (auto _ : state) {
    last = put(*databases[number % databases.size()], std::to_string(number));
    ++number;
    if (last > kWaitingMax) fixture.waiter.wait(last - kWaitingMax);
  }
  fixture.waiter.wait(last);
  report(state, before, fixture.engine->log().counters());
}

void enginePut(benchmark::State& state) { putInTurn(state, Durability::kFlush); }
BENCHMARK(enginePut)->Name("engine/put")->Arg(1)->Arg(100)->Arg(1000)->UseRealTime()->MinTime(3);

void enginePutSystem(benchmark::State& state) { putInTurn(state, Durability::kSystem); }
BENCHMARK(enginePutSystem)->Name("engine/put-system")->Arg(100)->UseRealTime()->MinTime(2);

void engineCreate(benchmark::State& state) {
  Fixture fixture(Durability::kFlush);
  size_t number = 0;
  Lsn last = 0;
  const CommitLog::Counters before = fixture.engine->log().counters();
  for (auto _ : state) {
    auto db = std::move(fixture.engine->openDatabase({"bench", idOf(number++)})).value();
    last = put(*db, "1");
    if (last > kWaitingMax) fixture.waiter.wait(last - kWaitingMax);
  }
  fixture.waiter.wait(last);
  report(state, before, fixture.engine->log().counters());
}
BENCHMARK(engineCreate)->Name("engine/create-and-close")->UseRealTime()->MinTime(2);

// As a runtime does: state.range(0) objects have their connection, the one that was not used for
// the longest time rests.
void engineCreateAndRest(benchmark::State& state) {
  Fixture fixture(Durability::kFlush);
  const auto awake = static_cast<size_t>(state.range(0));
  std::vector<std::unique_ptr<Database>> databases;
  size_t number = 0;
  Lsn last = 0;
  const auto create = [&] {
    databases.push_back(std::move(fixture.engine->openDatabase({"bench", idOf(number++)})).value());
    last = put(*databases.back(), "1");
    if (last > kWaitingMax) fixture.waiter.wait(last - kWaitingMax);
    if (number > awake && !databases[number - awake - 1]->rest()) std::abort();
  };
  while (number < awake) create();
  const CommitLog::Counters before = fixture.engine->log().counters();
  for (auto _ : state) create();
  fixture.waiter.wait(last);
  report(state, before, fixture.engine->log().counters());
}
BENCHMARK(engineCreateAndRest)->Name("engine/create-and-rest")->Arg(100)->UseRealTime()->MinTime(2);

void engineGet(benchmark::State& state) {
  Fixture fixture(Durability::kFlush);
  const auto databases = fixture.objects(100);
  uint64_t number = 0;
  for (const auto& db : databases) fixture.waiter.wait(put(*db, "value"));
  for (auto _ : state) benchmark::DoNotOptimize(databases[number++ % 100]->get("count").value());
}
BENCHMARK(engineGet)->Name("engine/get");

// Opens a directory whose log holds state.range(0) MiB that no file has, of values of
// state.range(1) bytes over 1,000 objects.
void engineRecover(benchmark::State& state) {
  EngineOptions options;
  options.logBytesMax = options.commitQueueBytesMax = uint64_t{8} << 30U;
  options.overlayBytesMax = int64_t{8} << 30U;
  Fixture fixture(Durability::kFlush, options);
  const auto databases = fixture.objects(1000);
  const auto bytes = static_cast<uint64_t>(state.range(0)) << 20U;
  std::string value(static_cast<size_t>(state.range(1)), 'x');
  Lsn last = 0;
  for (uint64_t number = 0; fixture.engine->log().counters().bytes < bytes; ++number) {
    std::memcpy(value.data(), &number, sizeof number);
    last = put(*databases[number % databases.size()], value);
    if (last > kWaitingMax) fixture.waiter.wait(last - kWaitingMax);
  }
  fixture.waiter.wait(last);
  double recovered = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const EngineOptions crashed = fixture.crashed();
    state.ResumeTiming();
    auto engine = fixture.open(crashed);
    state.PauseTiming();
    recovered += static_cast<double>(engine->recovery().bytes);
    engine.reset();
    state.ResumeTiming();
  }
  constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
  state.counters["s/GiB"] = benchmark::Counter(
      recovered / kGiB, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["commits"] = static_cast<double>(last);
}
BENCHMARK(engineRecover)
    ->Name("engine/recover")
    ->Args({64, 16})
    ->Args({64, 2000})
    ->UseRealTime()
    ->Iterations(3);

}  // namespace
}  // namespace holdfast::storage

BENCHMARK_MAIN();
