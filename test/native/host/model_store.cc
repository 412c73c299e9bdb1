#include "host/model_store.h"

#include <cstring>
#include <utility>

#include "host/alarm_pages.h"

namespace holdfast::host {

namespace {

class ModelDatabase final : public storage::Database {
 public:
  ModelDatabase(ModelEngine& engine, std::string idHex)
      : engine_(engine), idHex_(std::move(idHex)), state_(engine.committed(idHex_)) {}

  Result<std::optional<std::string>> get(std::string_view) override {
    return std::optional<std::string>(encodeStamps(state_.stamps));
  }
  Status put(std::string_view, std::string_view value) override {
    state_.stamps = decodeStamps(value);
    ++writes_;
    open_ = true;
    return {};
  }
  Result<bool> remove(std::string_view) override { return unsupported(); }
  Result<std::unique_ptr<storage::KvCursor>> list(const storage::ListOptions&) override {
    return unsupported();
  }
  Result<std::unique_ptr<storage::SqlCursor>> exec(std::string_view,
                                                   const std::vector<storage::SqlValue>&) override {
    return unsupported();
  }
  Result<uint64_t> databaseSize() override { return uint64_t{0}; }
  Status setPageCountMax(uint32_t) override { return {}; }
  Result<std::optional<TimestampMs>> getAlarm() override { return state_.alarm; }
  Status setAlarm(std::optional<TimestampMs> at) override {
    state_.alarm = at;
    ++writes_;
    open_ = true;
    return {};
  }
  void setActorName(std::string) override {}

  bool hasUncommitted() const override { return open_; }
  uint64_t writesBegun() const override { return writes_; }
  bool rest() override { return !open_; }
  Result<Lsn> commit() override {
    if (!std::exchange(open_, false)) return Lsn{0};
    const Result<Lsn> lsn = engine_.commit(idHex_, state_);
    if (!lsn.ok()) rollback();
    return lsn;
  }
  void rollback() override {
    state_ = engine_.committed(idHex_);
    saved_.clear();
    open_ = false;
  }
  Status savepoint() override {
    saved_.push_back(state_);
    return {};
  }
  Status releaseSavepoint() override {
    saved_.pop_back();
    return {};
  }
  Status rollbackToSavepoint() override {
    state_ = saved_.back();
    saved_.pop_back();
    return {};
  }
  uint32_t savepointDepth() const override { return static_cast<uint32_t>(saved_.size()); }
  Status deleteAll(AlarmFate) override { return unsupported(); }
  Result<std::string> bookmark() override { return std::string(); }

 private:
  static Status unsupported() { return {Code::kUnsupported, "the model has no rows"}; }

  ModelEngine& engine_;
  std::string idHex_;
  ModelState state_;
  std::vector<ModelState> saved_;
  uint64_t writes_ = 0;
  bool open_ = false;
};

}  // namespace

std::string encodeStamps(const std::vector<Stamp>& stamps) {
  std::string bytes(stamps.size() * sizeof(Stamp), '\0');
  if (!stamps.empty()) std::memcpy(bytes.data(), stamps.data(), bytes.size());
  return bytes;
}

std::vector<Stamp> decodeStamps(std::string_view bytes) {
  std::vector<Stamp> stamps(bytes.size() / sizeof(Stamp));
  if (!stamps.empty()) std::memcpy(stamps.data(), bytes.data(), bytes.size());
  return stamps;
}

Result<std::unique_ptr<storage::Database>> ModelEngine::openDatabase(
    const storage::ObjectName& object) {
  return std::unique_ptr<storage::Database>(std::make_unique<ModelDatabase>(*this, object.idHex));
}

Result<Lsn> ModelEngine::commit(const std::string& idHex, const ModelState& state) {
  if (std::exchange(failNext_, false)) return Status(Code::kIo, "the disk is full");
  committed_[idHex] = state;
  unflushed_.push_back({++committedLsn_, idHex, state});
  return committedLsn_;
}

void ModelEngine::flush(Lsn lsn) {
  while (!unflushed_.empty() && unflushed_.front().lsn <= lsn) {
    Record record = std::move(unflushed_.front());
    unflushed_.pop_front();
    durableLsn_ = record.lsn;
    if (std::exchange(dropNextFlush, false)) continue;
    durable_[record.idHex] = record.state;
    onDurable_(record.idHex, record.state);
  }
}

void ModelEngine::crash() {
  unflushed_.clear();
  if (dropTailAtCrash) {
    for (auto& [idHex, state] : durable_) {
      if (!state.stamps.empty()) state.stamps.pop_back();
    }
  }
  committed_ = durable_;
  committedLsn_ = durableLsn_;
  request_.reset();
  failNext_ = false;
}

Result<storage::AlarmPage> ModelEngine::readAlarms(const storage::AlarmPosition& after,
                                                   size_t most) {
  std::vector<storage::StoredAlarm> alarms;
  for (const auto& [idHex, state] : durable_) {
    if (!state.alarm || dropAlarmsAtLoad) continue;
    storage::StoredAlarm alarm;
    alarm.uniqueKey = uniqueKey_;
    alarm.idHex = idHex;
    alarm.at = *state.alarm;
    alarms.push_back(std::move(alarm));
  }
  return pageOf(std::move(alarms), after, most);
}

void ModelEngine::requestAlarms(const storage::AlarmPosition& after, size_t most) {
  request_ = {after, most, committedLsn_};
}

std::optional<storage::AlarmPage> ModelEngine::answer() {
  if (!request_ || request_->knows > durableLsn_) return std::nullopt;
  storage::AlarmPage page = readAlarms(request_->after, request_->most).value();
  request_.reset();
  if (std::exchange(loseAnAlarm, false) && !page.alarms.empty()) {
    page.alarms.front().uniqueKey = "app-Other";
  }
  return page;
}

}  // namespace holdfast::host
