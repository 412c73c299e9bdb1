#include "storage/flusher.h"

#include <sqlite3.h>

#include "storage/data_paths.h"

namespace holdfast::storage {
namespace {

constexpr uint64_t kCutHoldingFactor =
    8;  // a WAL this many times the checkpoint size holds the shard up

// Through SQLite: closing a descriptor of our own would drop the process's locks on the file.
Status syncDatabaseFile(const std::string& path) {
  Result<std::unique_ptr<Connection>> connection =
      Connection::open(path, Connection::Role::kCheckpoint, 1);
  if (!connection.ok()) return connection.status();
  sqlite3_file* file = nullptr;
  int code = sqlite3_file_control(connection.value()->db(), "main", SQLITE_FCNTL_FILE_POINTER,
                                  static_cast<void*>(&file));
  if (code == SQLITE_OK) code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
  return code == SQLITE_OK ? Status() : Status(Code::kIo, "fsync " + path + " failed");
}

}  // namespace

Flusher::Flusher(Options options, CommitLedger& ledger, DurabilitySink& sink,
                 sys::FileSystem& files, std::unique_ptr<LsnReserve> lsns, Lsn durable)
    : options_(std::move(options)),
      ledger_(ledger),
      sink_(sink),
      files_(files),
      lsns_(std::move(lsns)),
      durable_(durable),
      checkpointer_(files, {.flush = options_.durability == Durability::kFlush,
                            .cutHoldingBytes = options_.walCheckpointBytes * kCutHoldingFactor}) {
  thread_ = std::make_unique<sys::Thread>("hf-flush", [this] { loop(); });
}

Flusher::~Flusher() {
  ledger_.stop();
  thread_->join();
}

void Flusher::loop() {
  using Wait = CommitLedger::Wait;
  for (;;) {
    if (ledger_.take(entries_, closes_.empty() ? Wait::kForWork : Wait::kNot)) {
      round();
    } else if (!closes_.empty()) {
      const LedgerEntry entry = std::move(closes_.front());
      closes_.pop_front();
      closeObject(entry);
    } else {
      break;
    }
  }
  settleAlarms();
  indexes_.clear();
  // After a damaged stop the file says "open", and the next start flushes everything first.
  if (lsns_ && !failed_) (void)lsns_->closeCleanly(durable()).ok();
}

void Flusher::round() {
  gather();
  if (!failed_) {
    Status durable = makeDurable();
    if (durable.ok()) {
      announce();
      settleAlarms();
    } else {
      fail(std::move(durable));
    }
  }
  checkpointLargeWals();
}

void Flusher::gather() {
  touched_.clear();
  for (LedgerEntry& entry : entries_) {
    switch (entry.kind) {
      case LedgerEntry::Kind::kCommit:
        gatherCommit(entry);
        break;
      case LedgerEntry::Kind::kForgetAlarm: {
        PendingAlarm& alarm = alarms_[{entry.object.uniqueKey, entry.object.idHex}];
        alarm.last.reset();
        alarm.settled = false;
        break;
      }
      case LedgerEntry::Kind::kClose:
        closes_.push_back(std::move(entry));
        break;
    }
  }
  for (const Touched& touched : touched_) touched.record->touchedAt = -1;
}

void Flusher::gatherCommit(const LedgerEntry& entry) {
  if (options_.durability == Durability::kMemory) return;
  ObjectRecord& record = *entry.record;
  if (record.touchedAt < 0) {
    record.touchedAt = static_cast<int32_t>(touched_.size());
    touched_.push_back({&record, false});
  }
  touched_[static_cast<size_t>(record.touchedAt)].created |= entry.created;
  if (!entry.alarm) return;
  PendingAlarm& alarm = alarms_[{record.name.uniqueKey, record.name.idHex}];
  alarm.last = entry.alarm->at;
  alarm.settled = false;
  if (entry.alarm->hasActorName) alarm.actorName = entry.alarm->actorName;
  if (entry.alarm->at && (!alarm.earliest || *entry.alarm->at < *alarm.earliest)) {
    alarm.earliest = entry.alarm->at;
  }
}

Status Flusher::makeDurable() {
  if (touched_.empty()) return {};
  Status alarms = noteEarlyAlarms();
  if (!alarms.ok()) return alarms;
  return flushObjects();
}

Result<AlarmIndex*> Flusher::indexOf(const std::string& uniqueKey) {
  std::unique_ptr<AlarmIndex>& index = indexes_[uniqueKey];
  if (index == nullptr) {
    const std::string directory = namespaceDirectory(options_.dataDir, uniqueKey);
    Result<std::unique_ptr<AlarmIndex>> opened =
        AlarmIndex::open(alarmIndexPath(directory),
                         flushes() ? Connection::Role::kIndex : Connection::Role::kIndexSystem);
    if (!opened.ok()) return opened.status();
    index = std::move(opened).value();
    if (flushes()) {
      Status named = files_.syncDirectory(directory);
      if (!named.ok()) return named;
    }
  }
  return index.get();
}

Status Flusher::noteEarlyAlarms() {
  for (auto at = alarms_.begin(); at != alarms_.end();) {
    const std::string& uniqueKey = at->first.first;
    auto end = at;
    bool any = false;
    for (; end != alarms_.end() && end->first.first == uniqueKey; ++end) {
      any |= end->second.earliest.has_value();
    }
    if (any) {
      Result<AlarmIndex*> index = indexOf(uniqueKey);
      if (!index.ok()) return index.status();
      Status status = index.value()->begin();
      if (!status.ok()) return status;
      for (; at != end && status.ok(); ++at) {
        PendingAlarm& alarm = at->second;
        if (!alarm.earliest) continue;
        Result<bool> exact =
            index.value()->noteEarliest(at->first.second, *alarm.earliest, alarm.actorName);
        if (exact.ok()) {
          alarm.settled = exact.value() && alarm.last == alarm.earliest;
        } else {
          status = exact.status();
        }
      }
      if (!status.ok()) {
        index.value()->abandon();
        return status;
      }
      status = index.value()->end();
      if (!status.ok()) return status;
    }
    at = end;
  }
  return {};
}

Status Flusher::flushObjects() {
  if (!flushes()) return {};
  for (const Touched& touched : touched_) {
    Status flushed = flushObject(*touched.record, touched.created);
    if (!flushed.ok()) return flushed;
  }
  return {};
}

Status Flusher::flushObject(ObjectRecord& record, bool created) {
  if (created) {
    // SQLite discards the WAL of an empty database file: the file's first page comes before it.
    Status synced = syncDatabaseFile(record.path);
    if (!synced.ok()) return synced;
  }
  Status flushed = files_.syncFile(record.path + "-wal");
  if (!flushed.ok()) return flushed;
  if (record.namesSynced) return {};
  Status names = files_.syncDirectory(record.directory);
  if (!names.ok()) return names;
  record.namesSynced = true;
  if (!created) return {};
  // The namespace's own name; cheap when nothing changed.
  return files_.syncDirectory(namespacesDirectory(options_.dataDir));
}

void Flusher::announce() {
  Lsn last = 0;
  for (const LedgerEntry& entry : entries_) {
    if (entry.kind == LedgerEntry::Kind::kCommit) last = entry.lsn;
  }
  if (last == 0) return;
  if (lsns_) {
    Status covered = lsns_->cover(last);
    if (!covered.ok()) {
      fail(std::move(covered));
      return;
    }
  }
  durable_.store(last, std::memory_order_release);
  sink_.onDurable(last);
}

Status Flusher::settleNamespace(const std::string& uniqueKey, PendingAlarms::iterator from,
                                PendingAlarms::iterator to) {
  if (!files_.exists(namespaceDirectory(options_.dataDir, uniqueKey))) return {};
  Result<AlarmIndex*> index = indexOf(uniqueKey);
  if (!index.ok()) return index.status();
  Status status = index.value()->begin();
  for (; status.ok() && from != to; ++from) {
    const PendingAlarm& alarm = from->second;
    if (!alarm.settled) {
      status = index.value()->settle(from->first.second, alarm.last, alarm.actorName);
    }
  }
  if (status.ok()) return index.value()->end();
  index.value()->abandon();
  return status;
}

void Flusher::settleAlarms() {
  if (failed_) return;
  for (auto at = alarms_.begin(); at != alarms_.end();) {
    const std::string uniqueKey = at->first.first;
    auto end = at;
    bool any = false;
    for (; end != alarms_.end() && end->first.first == uniqueKey; ++end) {
      any |= !end->second.settled;
      end->second.earliest.reset();
    }
    // What cannot be settled stays for the next round: an entry that is too early wakes the object
    // once for nothing.
    if (!any || settleNamespace(uniqueKey, at, end).ok()) {
      at = alarms_.erase(at, end);
    } else {
      at = end;
    }
  }
}

void Flusher::checkpointLargeWals() {
  for (const Touched& touched : touched_) {
    const Result<uint64_t> size = files_.fileSize(touched.record->path + "-wal");
    if (size.ok() && size.value() > options_.walCheckpointBytes) checkpoint(*touched.record);
  }
}

void Flusher::checkpoint(ObjectRecord& record) {
  if (failed_) return;
  Result<Checkpointer::Outcome> outcome = checkpointer_.checkpoint(record);
  // kIo: unknown what reached the disk; final, as a failed flush of a commit. Anything else (no
  // space, no descriptors): the WAL stays, and a later round tries again.
  if (!outcome.ok() && outcome.status().code() == Code::kIo) fail(outcome.status());
}

void Flusher::closeObject(const LedgerEntry& entry) {
  ObjectRecord& record = *entry.record;
  if (!ledger_.isParked(&record, entry.parking)) return;
  if (entry.created && flushes()) (void)syncDatabaseFile(record.path).ok();  // it is empty
  checkpoint(record);
  std::unique_ptr<Connection> connection = ledger_.claimParked(&record, entry.parking);
  if (connection == nullptr) return;
  const Result<uint64_t> left = files_.fileSize(record.path + "-wal");
  if (failed_ || !left.ok() || left.value() > 0) {
    // The WAL is still needed: closing must neither copy nor delete it.
    sqlite3_db_config(connection->db(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  }
  record.pin.reset();
  connection.reset();
  ledger_.forget(&record);
}

void Flusher::fail(Status why) {
  if (failed_) return;
  failed_ = true;
  ledger_.fail(why);
  sink_.onFlushFailed(why);
}

}  // namespace holdfast::storage
