// SimulatedObject: one object of a simulation: operations that a seed picks, carried out on its
// Database and, in words of maps, on an ObjectState.
//
// An operation's error is handed on; who runs it knows whether the disk was meant to fail. Thread:
// the caller's. Owner: the simulation; must be closed before its engine goes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/engine_model.h"
#include "storage/object_state.h"
#include "support/seeds.h"

namespace holdfast::storage::testing {

class Random : public holdfast::testing::Choices {
 public:
  using Choices::Choices;
  // Few different bytes, so that what stood there before is often equal by chance; zeros too.
  std::string bytes(uint32_t lengthMax);
};

class SimulatedObject {
 public:
  explicit SimulatedObject(ObjectName name) : name_(std::move(name)) {}

  [[nodiscard]] const ObjectName& name() const { return name_; }
  [[nodiscard]] bool isOpen() const { return db_ != nullptr; }
  void opened(std::unique_ptr<Database> db) { db_ = std::move(db); }
  // What is not committed is lost.
  void close();

  // Anything but commit() and close().
  Status change(Random& random);
  // Notes the state under its LSN.
  Status commit();
  // kCorrupt: the database does not show what was written into it.
  Status compare();

  ObjectHistory history;

 private:
  Status changeKv(Random& random);
  Status changeTable(Random& random);
  Status moveSavepoint(Random& random);
  Status createTable(const std::string& table);
  Status insert(ObjectState::Table& rows, const std::string& table, Random& random);
  Status growAndShrink(const std::string& table, Random& random);
  Status insertOneOfTwo(ObjectState::Table& rows, const std::string& table, Random& random);
  Status update(ObjectState::Table& rows, const std::string& table, Random& random);
  Status removeRows(ObjectState::Table& rows, const std::string& table, Random& random);
  Status run(const std::string& sql, const std::vector<SqlValue>& bindings = {});
  void undo();

  const ObjectName name_;
  std::unique_ptr<Database> db_;
  ObjectState state_;
  std::vector<ObjectState> savepoints_;
};

}  // namespace holdfast::storage::testing
