// BaseImages: what the history of each object begins with.
//
// A record of the log gives bytes against the object's state before it, so records alone are no
// history. keep() copies the database file of an object that has no base image yet; whoever is
// about to write an object's file for the first time since the history began calls it first. So an
// object without an image has not changed since then: its file is its base.
//
// Which state an image is: with every record in the retained segments applied up to an LSN that is
// not below beginning(), and is above the image's own, it is the state at that LSN. What is trimmed
// off the history is folded into the images in place (history.h).
//
// Files: <dataDir>/history/do/<uniqueKey>/<idHex>.base and `begin` files, which say since when
// (docs/formats/history.md). Thread: any but the shards'; one lock, held during I/O. Owner: the
// engine. Failure: kIo, kCorrupt, kResourceExhausted; nothing half is left under its name.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/engine.h"
#include "storage/log_recovery.h"
#include "sys/file_system.h"

namespace holdfast::storage {

class BaseImages {
 public:
  BaseImages(sys::FileSystem& files, std::string dataDir, Flush flush)
      : files_(files), dataDir_(std::move(dataDir)), flush_(flush) {}

  struct Beginning {
    Lsn lsn = 0;
    TimestampMs at = 0;
  };
  // Start-up. Reads what there is.
  Status load();
  // nullopt: there is no history.
  std::optional<Beginning> beginning();
  // From here on, and not before. Durable on return.
  Status begin(const Beginning& beginning);
  // Start-up: the objects of the namespace are about to go; those that come later have no past.
  Status beginNamespace(const std::string& uniqueKey, const Beginning& beginning);
  // There is no history any more: all that was retained is removed.
  Status forgetAll();

  struct Source {
    ObjectName name;
    std::string path;  // of the database file
  };
  // Durable on return.
  Status keep(const std::vector<Source>& objects);

  // What was written to their images is durable on return.
  Status flush(const std::vector<ObjectName>& objects);

  [[nodiscard]] std::string pathOf(const ObjectName& name) const;
  // The image's own LSN; nullopt: there is no image.
  Result<std::optional<Lsn>> lsnOf(const ObjectName& name);
  // What an object without an image begins with.
  Lsn beginningOf(const std::string& uniqueKey);

 private:
  struct Made {
    std::vector<std::string> paths;
    std::vector<std::string> directories;  // each once
  };
  Result<std::optional<Beginning>> readBeginning(const std::string& path);
  Status makeImage(const Source& object, Lsn lsn, Made& made);
  Status publish(const Made& made);
  Lsn beginningLocked(const std::string& uniqueKey) const;

  sys::FileSystem& files_;
  const std::string dataDir_;
  const Flush flush_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::optional<Beginning> beginning_;
  std::map<std::string, Lsn> namespaces_;  // those that began later
};

}  // namespace holdfast::storage
