// Recovery: what a start does after a stop that was not clean.
//
// A commit is in its WAL before the flusher sees it. When the process dies in between, the commit
// is in the object's database and its alarm is not in the index (S5.6.2 forbids to lose it). Only
// objects whose WAL was left behind can be in that state, so each of those is asked for its alarm
// and the index is lowered to it. An entry that is too early stays: it wakes the object once for
// nothing. Running it twice changes nothing.
//
// The name of an object that set its first alarm in the lost moment is not recovered (the index
// alone keeps names). Thread: start-up. Failure: kIo or kCorrupt naming the file.
#pragma once

#include <string>

#include "base/result.h"
#include "storage/connection.h"
#include "sys/file_system.h"

namespace holdfast::storage {

// `indexRole`: kIndex or kIndexSystem.
Status recoverAlarms(sys::FileSystem& files, const std::string& dataDir,
                     Connection::Role indexRole);

}  // namespace holdfast::storage
