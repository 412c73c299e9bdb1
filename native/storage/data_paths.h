// Where things lie in a data directory (docs/decisions/0003-storage-engine.md).
//
//   <dataDir>/lock            held by the running process
//   <dataDir>/format          version of this layout
//   <dataDir>/log/            the commit log (docs/formats/commit-log.md)
//   <dataDir>/records.sqlite  the engine's own key-value records (readMeta, writeMeta)
//   <dataDir>/do/<uniqueKey>/<idHex>.sqlite, metadata.sqlite   spec S3.13
//   <dataDir>/do/<uniqueKey>/<idHex>.<n>.sqlite, <idHex>.facets   spec S1.15.5 (facet_index.h)
//   <dataDir>/history/        what point-in-time recovery needs (docs/formats/history.md)
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "storage/engine.h"

namespace holdfast::storage {

inline constexpr std::string_view kLayoutVersion = "1";
inline constexpr std::string_view kSqliteSuffix = ".sqlite";
inline constexpr std::string_view kFacetsSuffix = ".facets";
inline constexpr std::string_view kAlarmIndexName = "metadata.sqlite";

// A name becomes one path component: no '/', no NUL, not "", "." or "..", at most 200 bytes.
Status checkUniqueKey(std::string_view uniqueKey);
Status checkObjectName(const ObjectName& name);
// `hex` has passed checkObjectName().
ActorId actorIdOf(std::string_view hex);
// 0: the object itself.
FacetNumber facetOf(std::string_view hex);
// Of the object that it is a facet of; its own when it is none.
std::string rootIdOf(std::string_view hex);
std::string idHexOf(const ActorId& id, FacetNumber facet);

std::string logDirectory(const std::string& dataDir);
std::string namespacesDirectory(const std::string& dataDir);
std::string namespaceDirectory(const std::string& dataDir, std::string_view uniqueKey);
std::string objectPath(const std::string& directory, std::string_view idHex);
std::string facetIndexPath(const std::string& directory, std::string_view idHex);
std::string alarmIndexPath(const std::string& directory);

std::string historyDirectory(const std::string& dataDir);
// Segments that the log no longer needs.
std::string archiveDirectory(const std::string& dataDir);
// Base images and restores that wait, a directory a namespace in each.
std::string basesDirectory(const std::string& dataDir);
std::string restoresDirectory(const std::string& dataDir);

}  // namespace holdfast::storage
