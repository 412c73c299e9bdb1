#include "storage/commit_ledger.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace holdfast::storage {
namespace {

std::string keyOf(const ObjectName& name) { return name.uniqueKey + "/" + name.idHex; }

}  // namespace

Status CommitLedger::admit() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!failure_.ok()) return failure_;
  if (commitsWaiting_ < commitsMax_) return {};
  return {Code::kResourceExhausted,
          "Too many writes wait for the disk: " + std::to_string(commitsWaiting_) + " commits"};
}

Lsn CommitLedger::append(ObjectRecord* record, bool created, std::optional<AlarmChange> alarm) {
  LedgerEntry entry;
  entry.record = record;
  entry.created = created;
  entry.alarm = std::move(alarm);
  bool first = false;
  Lsn lsn = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    lsn = ++last_;
    entry.lsn = lsn;
    first = entries_.empty();
    ++commitsWaiting_;
    entries_.push_back(std::move(entry));
  }
  if (first) work_.notify_one();
  return lsn;
}

void CommitLedger::forgetAlarm(const ObjectName& object) {
  LedgerEntry entry;
  entry.kind = LedgerEntry::Kind::kForgetAlarm;
  entry.object = object;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    entries_.push_back(std::move(entry));
  }
  work_.notify_one();
}

CommitLedger::Adopted CommitLedger::adopt(const ObjectName& name, const std::string& directory,
                                          const std::string& path) {
  const std::string key = keyOf(name);
  std::unique_lock<std::mutex> lock(mutex_);
  auto found = records_.find(key);
  while (found != records_.end() && found->second->holder == ObjectRecord::Holder::kFlusher) {
    closed_.wait(lock);
    found = records_.find(key);
  }
  Adopted adopted;
  if (found == records_.end()) {
    auto record = std::make_unique<ObjectRecord>();
    record->name = name;
    record->directory = directory;
    record->path = path;
    adopted.record = record.get();
    records_.emplace(key, std::move(record));
    return adopted;
  }
  if (found->second->holder == ObjectRecord::Holder::kShard) return adopted;
  adopted.record = found->second.get();
  adopted.record->holder = ObjectRecord::Holder::kShard;
  adopted.connection = std::move(adopted.record->parked);
  return adopted;
}

void CommitLedger::park(ObjectRecord* record, std::unique_ptr<Connection> connection,
                        bool created) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (connection == nullptr) {
      records_.erase(keyOf(record->name));
      return;
    }
    DO_CHECK(record->holder == ObjectRecord::Holder::kShard, record->path);
    record->holder = ObjectRecord::Holder::kParked;
    record->parked = std::move(connection);
    if (record->path.empty()) return;  // memory: it is the only copy
    LedgerEntry entry;
    entry.kind = LedgerEntry::Kind::kClose;
    entry.record = record;
    entry.created = created;
    entry.parking = ++record->parkings;
    entries_.push_back(std::move(entry));
  }
  work_.notify_one();
}

bool CommitLedger::take(std::vector<LedgerEntry>& out, Wait wait) {
  out.clear();
  std::unique_lock<std::mutex> lock(mutex_);
  if (wait == Wait::kForWork) {
    work_.wait(lock, [this] { return stopped_ || !entries_.empty(); });
  }
  out.swap(entries_);
  commitsWaiting_ = 0;
  return !out.empty();
}

std::unique_ptr<Connection> CommitLedger::claimParked(ObjectRecord* record, uint64_t parking) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (record->holder != ObjectRecord::Holder::kParked || record->parkings != parking) {
    return nullptr;
  }
  record->holder = ObjectRecord::Holder::kFlusher;
  return std::move(record->parked);
}

bool CommitLedger::isParked(ObjectRecord* record, uint64_t parking) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return record->holder == ObjectRecord::Holder::kParked && record->parkings == parking;
}

void CommitLedger::forget(ObjectRecord* record) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    records_.erase(keyOf(record->name));
  }
  closed_.notify_all();
}

void CommitLedger::fail(Status why) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (failure_.ok()) failure_ = std::move(why);
}

void CommitLedger::stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
  }
  work_.notify_one();
}

std::vector<std::string> CommitLedger::objectsOf(const std::string& uniqueKey) {
  std::vector<std::string> ids;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& [key, record] : records_) {
      if (record->name.uniqueKey == uniqueKey) ids.push_back(record->name.idHex);
    }
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

Lsn CommitLedger::last() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return last_;
}

}  // namespace holdfast::storage
