// commitRestore: carries out a restore that waits, as one ordinary commit of the object.
//
// What comes back is SQL and key-value data; the alarm stays the present one (spec S4.13.3). The
// commit is a record of changed bytes like any other, so it can be undone by a later restore.
// Thread: the shard's. Failure: nothing was committed.
#pragma once

#include <string>

#include "base/ids.h"
#include "base/result.h"
#include "storage/object_file.h"
#include "storage/object_files.h"
#include "sys/file_system.h"

namespace holdfast::storage {

struct RestoreSource {
  sys::FileSystem& files;
  std::string path;  // of an image file
};
// `file` is open and nobody uses it.
Status commitRestore(ObjectFiles& objects, ObjectFile& file, const RestoreSource& source,
                     uint32_t cachePages, TimestampMs now);

}  // namespace holdfast::storage
