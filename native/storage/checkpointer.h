// Checkpointer: brings what the log holds into the database files, so that the log can be retired
// and memory freed.
//
// Happy path of a round: take dirty objects and all alarms -> copy their pages -> wait until the
// newest of them is durable in the log -> keep what history needs of the files -> write the pages
// into the files -> flush the files -> store the alarms -> forget the pages -> retire the log. The
// ways it fails: anything before the end puts the objects back, and the next round writes all of
// their pages again; the log still holds everything, so a failed flush here loses nothing.
//
// Thread: one at a time (start-up, then its own, then the stop). Owner: the engine.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/alarm_store.h"
#include "storage/base_images.h"
#include "storage/commit_log.h"
#include "storage/object_files.h"
#include "storage/restore_files.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class Checkpointer {
 public:
  struct Options {
    std::string dataDir;
    bool flush = true;
    size_t objectsPerRound = 1024;
    BaseImages* bases = nullptr;       // told before files are written
    RestoreFiles* restores = nullptr;  // told when their commits are in the files
    // Called now and then by a round that is in no hurry; may wait a little.
    std::function<void()> pace = {};
  };
  Checkpointer(Options options, sys::FileSystem& files, ObjectFiles& objects, CommitLog& log,
               AlarmStore& alarms)
      : options_(std::move(options)),
        files_(files),
        objects_(objects),
        log_(log),
        alarms_(alarms) {}

  // False: there was nothing to do.
  Result<bool> round(ObjectFiles::Which which);

 private:
  using Snapshots = std::vector<ObjectFile::Snapshot>;

  Status carryOut(const ObjectFiles::Work& work, const Snapshots& snapshots,
                  ObjectFiles::Which which);
  Status writeObject(const ObjectFile& object, const ObjectFile::Snapshot& snapshot);
  Result<std::unique_ptr<sys::File>> openFile(const ObjectFile& object, bool mayBeNew);
  Status flush(const ObjectFiles::Work& work);
  Status keepBases(const ObjectFiles::Work& work);
  void readNames();
  Status settleRestores(const ObjectFiles::Work& work, const Snapshots& snapshots);

  const Options options_;
  sys::FileSystem& files_;
  ObjectFiles& objects_;
  CommitLog& log_;
  AlarmStore& alarms_;
  // Directories with names that this process made and did not flush yet: a round that fails leaves
  // them to the next one, which finds the files there.
  std::set<std::string> newNamesIn_;
};

// Writes the pages of one snapshot into the file that it was read from, and gives it the database's
// size. Not flushed.
// The database begins at `start` of the file.
Status writePages(sys::File& file, const ObjectFile::Snapshot& snapshot, uint64_t start = 0);

}  // namespace holdfast::storage
