// Where things lie in a data directory (docs/decisions/0003-storage-engine.md).
//
//   <dataDir>/lock            held by the running process
//   <dataDir>/format          version of this layout
//   <dataDir>/log/            the commit log (docs/formats/commit-log.md)
//   <dataDir>/records.sqlite  the engine's own key-value records (readMeta, writeMeta)
//   <dataDir>/do/<uniqueKey>/<idHex>.sqlite, metadata.sqlite   spec S3.13
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "storage/engine.h"

namespace holdfast::storage {

inline constexpr std::string_view kLayoutVersion = "1";
inline constexpr std::string_view kSqliteSuffix = ".sqlite";
inline constexpr std::string_view kAlarmIndexName = "metadata.sqlite";

// A name becomes one path component: no '/', no NUL, not "", "." or "..", at most 200 bytes.
Status checkUniqueKey(std::string_view uniqueKey);
Status checkObjectName(const ObjectName& name);

std::string logDirectory(const std::string& dataDir);
std::string namespacesDirectory(const std::string& dataDir);
std::string namespaceDirectory(const std::string& dataDir, std::string_view uniqueKey);
std::string objectPath(const std::string& directory, std::string_view idHex);
std::string alarmIndexPath(const std::string& directory);

}  // namespace holdfast::storage
