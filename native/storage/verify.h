// verifyDataDirectory: looks at everything in a data directory that no process uses, and changes
// nothing but who the lock file names.
//
// In this order: the version of the layout; the commit log, every segment of which must be whole or
// end as a crash leaves it; the database of every object, as the log leaves it (in memory) or,
// where the log says nothing, as its file is; the alarm index of every namespace, which must not
// miss an object's alarm nor be later; the index of every object's facets, which must name each
// that has a database; the engine's own records. An object that the damaged part of a log may have
// changed is not checked: what its file lacks is not known.
//
// What it cannot see: a changed byte inside a stored value, for a database has no checksums, and
// damage to the batch that was flushed last (log_segment.h).
//
// Memory: as recovery's. Thread: one, and it reads every byte. Failure: kUnavailable names the
// process that uses the directory; kNotFound: there is none; kIo when a directory cannot be read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "sys/file_system.h"

namespace holdfast::storage {

struct VerifyFinding {
  std::string path;
  std::string what;  // and what to do; one line
};

struct VerifyReport {
  std::vector<VerifyFinding> problems;
  std::vector<VerifyFinding> notes;  // worth knowing, nothing to do
  uint64_t objects = 0;              // without their facets, which are checked as well
  uint64_t objectBytes = 0;
  uint64_t segments = 0;
  uint64_t logBytes = 0;
  uint64_t commits = 0;  // in the log, not yet in the files
};

Result<VerifyReport> verifyDataDirectory(sys::FileSystem& files, const std::string& dataDir);

}  // namespace holdfast::storage
