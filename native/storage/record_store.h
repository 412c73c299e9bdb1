// RecordStore: the engine's own small durable key-value records, in `<dataDir>/records.sqlite`
// (Engine::readMeta, writeMeta).
//
// Opened per call: it is used at start-up only, and leaves no side files behind.
//
// A start flushes as little as it can. The first record makes the whole file beside its place,
// which takes one flush of it and one of its name; with a rollback journal, later ones take a few,
// and reading writes nothing.
//
// Thread: the engine's. Failure: kIo naming the file.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class RecordStore {
 public:
  RecordStore(sys::FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

  Result<std::optional<std::string>> read(const std::string& key);
  Status write(const std::string& key, const std::string& value);  // durable on return

 private:
  sys::FileSystem& files_;
  const std::string path_;
};

}  // namespace holdfast::storage
