// SimulatedDisk: a file system in memory that forgets, on loss of power, what was not synced, and
// that fails where a test says.
//
// Contract, beside that of sys/file_system.h:
// - Content and size of a file are durable after File::sync(), syncFile() or syncAll() (see
//   volatile_content.h for what becomes of the rest); a sync of a file says nothing of its name.
// - A name (made, renamed, removed; of a file or directory) is durable after syncDirectory() of its
//   directory or syncAll(). Without, each change of names happens or does not, alone; a change
//   needs the earlier ones of the same names, and a rename is one change. A rename between two
//   directories is durable after syncDirectory() of either, as with a journal.
// - powerCut() and killProcess() end the process: every open File fails from then on with kIo, and
//   its locks are free. Calls by path reach the disk as it is after; so whoever used it must have
//   ended before, or have been cut off by crashAt() or crashNow().
// - An operation is what a fault can strike: a write, a truncate, a sync of a file, of a directory
//   or of everything, a name made (a new file, one directory), renamed or removed. The composite
//   calls are made of these. Reads and calls that change nothing are none.
// - The same calls in the same order with the same seeds give the same disk on every machine.
//
// Paths are split at '/'; "" and "." and "/" are one root, which is there from the start; ".." and
// a rename of a directory into another one are not supported (a check fails).
// Thread: any; one mutex, held for each call. Owner: the test; outlives its Files and FileLocks.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/volatile_content.h"
#include "sys/file_system.h"

namespace holdfast::testing {

enum class Fault {
  // kIo; of a write, the first half is carried out. Strikes what changes content or names.
  kFailedWrite,
  // kResourceExhausted; of a write, the first half is carried out. Strikes a write, a truncate that
  // extends and a new name; from then on until freeSpace() nothing can grow or be made, while
  // overwriting goes on.
  kNoSpace,
  kNoSpaceOnce,  // the same, once
  // kIo. Of a file (of every file when it was syncAll): the writes since its last sync are lost on
  // the next power cut, even if a later sync succeeds. Names stay as volatile as they were.
  kFailedSync,
};

class SimulatedDisk final : public sys::FileSystem {
 public:
  static constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();

  explicit SimulatedDisk(uint64_t capacityBytes = kUnlimited);
  ~SimulatedDisk() override = default;
  SimulatedDisk(const SimulatedDisk&) = delete;
  SimulatedDisk& operator=(const SimulatedDisk&) = delete;

  // What a power cut leaves; all of it is durable. The seed first draws how much survives (nothing,
  // some, half, most, everything), then each change. Power is back on return.
  void powerCut(uint64_t seed);
  // What the death of the process leaves: everything written, as volatile as it was.
  void killProcess();

  // The k-th operation from here (1 is the next) suffers the fault; if it is of another kind than
  // the fault strikes, the next that is. Several may be armed. powerCut() and killProcess() disarm.
  void failAt(uint64_t k, Fault fault);
  // Armed faults that have not struck: a sweep over k ends when one is left.
  [[nodiscard]] size_t faultsPending() const;
  // From the k-th operation from here, which is not carried out, every call fails with kIo "power
  // is off" until powerCut() or killProcess().
  void crashAt(uint64_t k);
  void crashNow();
  // Whether a crash has struck: a sweep over k ends when it has not.
  [[nodiscard]] bool isPowerOff() const;
  // Since construction. The one that a crash struck counts, those refused after it do not.
  [[nodiscard]] uint64_t operations() const;

  // Of the files that have a name. What would grow beyond it is carried out as far as it fits and
  // fails with kResourceExhausted.
  void setCapacityBytes(uint64_t bytes);
  // Ends kNoSpace.
  void freeSpace();

  // The three below are the test's own hands: no operations, and they work while power is off.
  // As the page cache shows it; nullopt when there is no such file.
  [[nodiscard]] std::optional<std::string> content(const std::string& path) const;
  // Durable, with its name, its directories and every other name in these.
  void setContent(const std::string& path, std::string bytes);
  // Flips the bits of `mask` in one byte of a file, durably.
  void corrupt(const std::string& path, uint64_t offset, uint8_t mask);

  Result<std::unique_ptr<sys::File>> open(const std::string& path, sys::OpenMode mode) override;
  // Answers as before while power is off: it cannot fail.
  bool exists(const std::string& path) override;
  Result<uint64_t> fileSize(const std::string& path) override;
  Status createDirectories(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  Status createFile(const std::string& path, std::string_view content) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status removeFile(const std::string& path) override;
  Status removeTree(const std::string& path) override;
  Status syncFile(const std::string& path) override;
  Status syncDirectory(const std::string& path) override;
  Status syncAll(const std::string& path) override;
  Result<std::optional<std::string>> readFile(const std::string& path) override;
  Status replaceFile(const std::string& path, std::string_view content) override;
  Result<std::unique_ptr<sys::FileLock>> lock(const std::string& path) override;

 private:
  class OpenFile;
  class HeldLock;
  // From one start of the process to its end; handles and locks belong to one.
  struct Session {
    const char* end = nullptr;  // why its handles fail, once they do
  };
  struct Node;
  using NodePtr = std::shared_ptr<Node>;
  // A file or a directory. Its names are in the directories.
  struct Node {
    bool isDirectory = false;
    std::map<std::string, NodePtr> names;         // as every call sees them
    std::map<std::string, NodePtr> durableNames;  // without the volatile changes
    VolatileContent content;
    std::shared_ptr<const Session> lockedBy;  // held while this has not ended
  };
  // A directory (nullptr: there is none) and a name in it.
  struct Place {
    NodePtr directory;
    std::string name;
  };
  // One atomic change of one or two places.
  struct NameChange {
    struct Entry {
      NodePtr directory;
      std::string name;
      NodePtr node;  // nullptr: the name goes
    };
    std::vector<Entry> entries;

    void makeDurable() const;
  };
  // kGrow: a write, or a truncate that extends.
  enum class Operation { kGrow, kShrink, kSync, kMakeName, kChangeName };

  // Texts of errno.
  static constexpr const char* kMissing = "No such file or directory";
  static constexpr const char* kIsDirectory = "Is a directory";
  static constexpr const char* kNoDirectory = "Not a directory";
  static Status failed(const char* call, const std::string& path, const char* why);
  static Status noSpace(const char* call, const std::string& path);

  // All of these with the mutex held. Status messages name `call` and `path`.
  Status refuseIfOff(const char* call, const std::string& path) const;
  // Counts one operation; ok, or what struck it.
  Status begin(Operation operation, const char* call, const std::string& path);
  std::optional<Fault> takeFault(Operation operation);
  uint64_t roomBytes() const;
  // From the root down, each after its directory.
  void eachNode(const std::function<void(Node&)>& visit) const;
  void startSession(const char* endOfLast);

  NodePtr find(const std::string& path) const;
  Place placeOf(const std::string& path) const;
  void changeNames(NameChange change);
  // Makes durable the changes that touch `directory` (nullptr: all) and those they need.
  void settleNames(const Node* directory);

  Result<NodePtr> openNode(const char* call, const std::string& path, sys::OpenMode mode);
  Result<NodePtr> make(const char* call, const std::string& path, const Place& place,
                       bool isDirectory);
  Status write(Node& node, const std::string& path, uint64_t offset, std::string_view bytes);
  Status truncate(Node& node, const std::string& path, uint64_t bytes);
  Status sync(Node& node, const std::string& path);
  Status syncNames(const std::string& path);
  Status renameNode(const std::string& from, const std::string& to);
  Status remove(const std::string& path, const Place& place);
  Status removeBelow(const std::string& path, const NodePtr& directory);

  mutable std::mutex mutex_;
  // Guarded by mutex_, all below.
  NodePtr root_;
  std::vector<NameChange> volatileNames_;  // in the order they were made
  std::shared_ptr<Session> session_ = std::make_shared<Session>();
  uint64_t operations_ = 0;
  std::multimap<uint64_t, Fault> armed_;  // by the number of the operation
  uint64_t crashAt_ = kUnlimited;         // likewise
  bool isOff_ = false;
  bool isFull_ = false;
  uint64_t capacityBytes_;
};

}  // namespace holdfast::testing
