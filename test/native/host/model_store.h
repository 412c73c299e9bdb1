// ModelEngine: a storage engine of one shard without rows and files, for simulations: an object is
// the list of stamps written to it and its alarm. Nothing becomes durable by itself: flush() says
// how far; crash() forgets the rest.
//
// Thread: the caller's. Failure: failNextCommit() makes one commit fail and rolls it back.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/engine.h"

namespace holdfast::host {

using Stamp = uint32_t;

struct ModelState {
  std::vector<Stamp> stamps;
  std::optional<TimestampMs> alarm;
};

std::string encodeStamps(const std::vector<Stamp>& stamps);
std::vector<Stamp> decodeStamps(std::string_view bytes);

class ModelEngine final : public storage::Engine {
 public:
  using OnDurable = std::function<void(const std::string& idHex, const ModelState&)>;
  ModelEngine(std::string uniqueKey, OnDurable onDurable)
      : uniqueKey_(std::move(uniqueKey)), onDurable_(std::move(onDurable)) {}

  void failNextCommit() { failNext_ = true; }
  // The log says that commits up to `lsn` are on the device.
  void flush(Lsn lsn);
  // The process ends here: what was not flushed never was.
  void crash();
  [[nodiscard]] const ModelState& durable(const std::string& idHex) { return durable_[idHex]; }

  // For sabotages.
  bool dropNextFlush = false;     // a record that is acknowledged and not there
  bool dropTailAtCrash = false;   // a device that forgets
  bool dropAlarmsAtLoad = false;  // an index that forgets
  bool loseAnAlarm = false;       // an answer that gives one to somebody else

  Result<Lsn> commit(const std::string& idHex, const ModelState& state);
  [[nodiscard]] const ModelState& committed(const std::string& idHex) { return committed_[idHex]; }

  Result<std::unique_ptr<storage::Database>> openDatabase(const storage::ObjectName&) override;
  Lsn committedLsn() const override { return committedLsn_; }
  Lsn durableLsn() const override { return durableLsn_; }
  std::shared_ptr<storage::History> history() override { return nullptr; }
  std::shared_ptr<storage::FacetIndexes> facets() override { return nullptr; }
  Result<Lsn> copyObject(const storage::ObjectName&, const storage::ObjectName&) override {
    return Status(Code::kUnsupported, "the model has no rows");
  }
  Result<storage::AlarmPage> readAlarms(const storage::AlarmPosition& after, size_t most) override;
  void requestAlarms(const storage::AlarmPosition& after, size_t most) override;
  void settleAlarm(const storage::ObjectName&, std::optional<TimestampMs>) override {}
  // The answer to a request: nullopt when there is none, or when a commit made before it is not
  // durable yet.
  std::optional<storage::AlarmPage> answer();
  Status renameNamespace(const std::string&, const std::string&) override { return {}; }
  Status deleteNamespace(const std::string&) override { return {}; }
  Result<bool> namespaceExists(const std::string&) override { return true; }
  Result<std::vector<std::string>> listObjects(const std::string&) override {
    return std::vector<std::string>();
  }
  Result<std::optional<std::string>> readMeta(const std::string&) override {
    return std::optional<std::string>();
  }
  Status writeMeta(const std::string&, const std::string&) override { return {}; }

 private:
  struct Request {
    storage::AlarmPosition after;
    size_t most = 0;
    Lsn knows = 0;
  };
  struct Record {
    Lsn lsn = 0;
    std::string idHex;
    ModelState state;
  };

  std::string uniqueKey_;
  OnDurable onDurable_;
  bool failNext_ = false;
  Lsn committedLsn_ = 0;
  Lsn durableLsn_ = 0;
  std::deque<Record> unflushed_;
  std::optional<Request> request_;
  std::map<std::string, ModelState> committed_;
  std::map<std::string, ModelState> durable_;
};

}  // namespace holdfast::host
