#include "storage/engine_script.h"

#include <algorithm>
#include <utility>

#include "storage/data_paths.h"

namespace holdfast::storage::testing {
namespace {

constexpr const char* kNamespace = "app-Room";

ObjectName nameOf(char object) { return {kNamespace, std::string(64, object)}; }

}  // namespace

EngineScript::EngineScript(holdfast::testing::SimulatedDisk& disk, sys::FileSystem& files)
    : disk_(disk), files_(files) {
  options.dataDir = "data";
  options.segmentBytes = 16U << 10U;
  options.logReserveBytes = 0;
}

std::string EngineScript::pathOf(char object) const {
  return objectPath(namespaceDirectory(options.dataDir, kNamespace), nameOf(object).idHex);
}

void EngineScript::placeShrinking(char object) {
  disk_.setContent(pathOf(object), shrinkingDatabase(512));
}

void EngineScript::expect(const Status& status, const char* doing) {
  if (status.ok() || disk_.isPowerOff()) return;
  breaches.push_back(std::string(doing) + ": " + status.message());
}

void EngineScript::open() {
  if (disk_.isPowerOff()) return;
  sink_.restarted();
  Result<std::unique_ptr<SqliteEngine>> opened = SqliteEngine::open(
      options, sink_, {.files = files_, .clock = clock_, .threads = SqliteEngine::Threads::kNone});
  expect(opened.status(), "start");
  refused_ = opened.status();
  if (opened.ok()) engine_ = std::move(opened).value();
}

Database* EngineScript::database(char object) {
  std::unique_ptr<Database>& db = objects_[object].db;
  if (db != nullptr) return db.get();
  Result<std::unique_ptr<Database>> opened = engine_->openDatabase(nameOf(object));
  expect(opened.status(), "open an object");
  if (opened.ok()) db = std::move(opened).value();
  return db.get();
}

void EngineScript::put(char object, const std::string& key, const std::string& value) {
  if (disk_.isPowerOff() || !isOpen()) return;
  Database* db = database(object);
  if (db == nullptr) return;
  ObjectState state = objects_[object].history.last();
  if (value.empty()) {
    state.kv.erase(key);
    return commit(object, std::move(state), db->remove(key).status());
  }
  state.kv[key] = value;
  commit(object, std::move(state), db->put(key, value));
}

void EngineScript::deleteAll(char object) {
  if (disk_.isPowerOff() || !isOpen()) return;
  Database* db = database(object);
  if (db != nullptr) commit(object, {}, db->deleteAll(Database::AlarmFate::kDelete));
}

void EngineScript::commit(char object, ObjectState state, const Status& changed) {
  Object& its = objects_[object];
  const Result<Lsn> lsn = changed.ok() ? its.db->commit() : Result<Lsn>(changed);
  if (lsn.ok()) {
    if (lsn.value() != 0) its.history.committed(lsn.value(), std::move(state));
    return;
  }
  refused_ = lsn.status();
  its.db.reset();
}

void EngineScript::close(char object) { objects_[object].db.reset(); }

void EngineScript::flush() {
  if (disk_.isPowerOff() || !isOpen()) return;
  engine_->flushOnce();
  if (!sink_.breach.empty()) breaches.push_back(std::exchange(sink_.breach, ""));
}

void EngineScript::checkpoint(ObjectFiles::Which which) {
  flush();
  if (disk_.isPowerOff() || !isOpen()) return;
  // A round would wait for ever.
  if (engine_->durableLsn() != engine_->committedLsn() && sink_.failures == 0) return;
  (void)engine_->checkpointOnce(which).ok();
}

void EngineScript::closeAll() {
  for (auto& [name, object] : objects_) object.db.reset();
}

void EngineScript::stop() {
  closeAll();
  engine_.reset();
  promised_ = std::max(promised_, sink_.announced);
}

void EngineScript::kill() {
  disk_.crashNow();
  stop();
}

void EngineScript::restart() {
  promised_ = std::max(promised_, sink_.announced);
  open();
  if (isOpen()) compare();
}

void EngineScript::compare() {
  const Lsn last = engine_->committedLsn();
  if (last < promised_) breaches.push_back("an announced commit is missing");
  for (auto& [name, object] : objects_) {
    const Result<ObjectState> found = readState(disk_.content(pathOf(name)).value_or(""));
    const std::string different =
        found.ok() ? difference(object.history.at(last), found.value()) : found.status().message();
    if (!different.empty()) breaches.push_back(std::string(1, name) + ": " + different);
    object.history.restartedAt(last);
  }
  sink_.announced = promised_ = last;
}

}  // namespace holdfast::storage::testing
