// SqliteDatabase: the Database of this engine, put together from its parts. Internal to storage.
//
// Thread: the shard's. Owner: the actor's instance; gives its file back when it goes.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/connection_pool.h"
#include "storage/database.h"
#include "storage/kv_table.h"
#include "storage/object_metadata.h"
#include "storage/object_session.h"
#include "storage/sql_runner.h"

namespace holdfast::storage {

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(ObjectFiles& files, ObjectFile& file, const sys::Clock& clock,
                 ConnectionPool& connections)
      : session_(files, file, clock, connections),
        kv_(session_),
        metadata_(session_),
        sql_(session_) {}
  ~SqliteDatabase() override;
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;

  Result<std::optional<std::string>> get(std::string_view key) override { return kv_.get(key); }
  Status put(std::string_view key, std::string_view value) override { return kv_.put(key, value); }
  Result<bool> remove(std::string_view key) override { return kv_.remove(key); }
  Result<std::unique_ptr<KvCursor>> list(const ListOptions& options) override {
    return kv_.list(options);
  }

  Result<std::unique_ptr<SqlCursor>> exec(std::string_view query,
                                          const std::vector<SqlValue>& bindings) override;
  Result<std::unique_ptr<SqlCursor>> execShape(uint64_t shape,
                                               const std::vector<SqlValue>& bindings) override {
    return sql_.execShape(shape, bindings);
  }
  Result<uint64_t> databaseSize() override { return sql_.databaseSize(); }
  Status setPageCountMax(uint32_t pages) override { return sql_.setPageCountMax(pages); }

  Result<std::optional<TimestampMs>> getAlarm() override { return metadata_.getAlarm(); }
  Status setAlarm(std::optional<TimestampMs> at) override { return metadata_.setAlarm(at); }
  void setActorName(std::string name) override { metadata_.setActorName(std::move(name)); }

  [[nodiscard]] bool hasUncommitted() const override { return session_.inTransaction(); }
  [[nodiscard]] uint64_t writesBegun() const override { return session_.begun(); }
  Result<Lsn> commit() override;
  void rollback() override;
  Status savepoint() override { return session_.savepoint(); }
  Status releaseSavepoint() override { return session_.releaseSavepoint(); }
  Status rollbackToSavepoint() override { return session_.rollbackToSavepoint(); }
  [[nodiscard]] uint32_t savepointDepth() const override { return session_.savepointDepth(); }

  bool rest() override;
  Status deleteAll(AlarmFate alarm) override;
  Result<std::string> bookmark() override { return metadata_.bookmark(); }

 private:
  ObjectSession session_;
  KvTable kv_;
  ObjectMetadata metadata_;
  SqlRunner sql_;
};

}  // namespace holdfast::storage
