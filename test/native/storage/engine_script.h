// EngineScript: a fixed scenario of the engine on a SimulatedDisk, with a model: the test says what
// happens, one line a step, and may cut the power or fail the disk at any operation.
//
// Once the power is off every step does nothing, so that a scenario runs to its end. What is wrong
// is gathered in `breaches`. Thread: the caller's. Owner: the test; goes before the disk.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "storage/engine_model.h"
#include "storage/sqlite_engine.h"
#include "support/simulated_disk.h"
#include "sys/clock.h"

namespace holdfast::storage::testing {

class EngineScript {
 public:
  explicit EngineScript(holdfast::testing::SimulatedDisk& disk, sys::FileSystem& files);
  ~EngineScript() { kill(); }
  EngineScript(const EngineScript&) = delete;
  EngineScript& operator=(const EngineScript&) = delete;

  // An object's file is there before the first start and shrinks by itself. Small pages.
  void placeShrinking(char object);

  void open();
  // Commits at once. An empty value removes the key.
  void put(char object, const std::string& key, const std::string& value);
  void deleteAll(char object);
  void close(char object);
  void flush();
  void checkpoint(ObjectFiles::Which which = ObjectFiles::Which::kAll);
  // Ends the process: by itself, or without a chance to do anything more.
  void stop();
  void kill();

  // Starts again after what became of the disk, and compares.
  void restart();

  [[nodiscard]] bool isOpen() const { return engine_ != nullptr; }
  [[nodiscard]] SqliteEngine& engine() { return *engine_; }
  [[nodiscard]] const AnnouncedSink& sink() const { return sink_; }
  [[nodiscard]] std::string pathOf(char object) const;
  // What the last open() was told, or the last put() or deleteAll() since that did not commit.
  [[nodiscard]] const Status& refused() const { return refused_; }

  EngineOptions options;  // set before open()
  std::vector<std::string> breaches;

 private:
  struct Object {
    std::unique_ptr<Database> db;
    ObjectHistory history;
  };
  Database* database(char object);
  void commit(char object, ObjectState state, const Status& changed);
  void closeAll();
  void compare();
  void expect(const Status& status, const char* doing);

  holdfast::testing::SimulatedDisk& disk_;
  sys::FileSystem& files_;
  sys::ManualClock clock_;
  AnnouncedSink sink_;
  std::map<char, Object> objects_;
  Lsn promised_ = 0;
  Status refused_;
  std::unique_ptr<SqliteEngine> engine_;
};

}  // namespace holdfast::storage::testing
