// The calls of sys::FileSystem and sys::File on the simulated disk.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "support/simulated_disk.h"

namespace holdfast::testing {
namespace {

// Of the only process there is.
constexpr std::string_view kProcessId = "1";

// Only open() tells a missing file from other failures.
Status withoutNotFound(const Status& status) {
  return status.code() == Code::kNotFound ? Status(Code::kIo, status.message()) : status;
}

}  // namespace

class SimulatedDisk::OpenFile final : public sys::File {
 public:
  OpenFile(SimulatedDisk& disk, NodePtr node, std::string path, sys::OpenMode mode)
      : disk_(disk),
        node_(std::move(node)),
        path_(std::move(path)),
        mode_(mode),
        session_(disk.session_) {}

  Result<size_t> read(uint64_t offset, char* into, size_t bytes) override {
    const std::lock_guard<std::mutex> lock(disk_.mutex_);
    Status usable = check("pread");
    if (!usable.ok()) return usable;
    const std::string& content = node_->content.cached();
    if (offset >= content.size()) return size_t{0};
    return content.copy(into, bytes, offset);
  }
  Status write(uint64_t offset, std::string_view bytes) override {
    const std::lock_guard<std::mutex> lock(disk_.mutex_);
    Status usable = checkWritable("pwrite");
    return usable.ok() ? disk_.write(*node_, path_, offset, bytes) : usable;
  }
  Result<uint64_t> size() override {
    const std::lock_guard<std::mutex> lock(disk_.mutex_);
    Status usable = check("fstat");
    if (!usable.ok()) return usable;
    return uint64_t{node_->content.cached().size()};
  }
  Status truncate(uint64_t bytes) override {
    const std::lock_guard<std::mutex> lock(disk_.mutex_);
    Status usable = checkWritable("ftruncate");
    return usable.ok() ? disk_.truncate(*node_, path_, bytes) : usable;
  }
  Status reserve(uint64_t bytes) override {
    const std::lock_guard<std::mutex> lock(disk_.mutex_);
    Status usable = checkWritable("posix_fallocate");
    if (!usable.ok() || bytes <= node_->content.cached().size()) return usable;
    return disk_.truncate(*node_, path_, bytes);
  }
  Status sync() override {
    const std::lock_guard<std::mutex> lock(disk_.mutex_);
    Status usable = check("fdatasync");
    return usable.ok() ? disk_.sync(*node_, path_) : usable;
  }

 private:
  Status check(const char* call) const {
    return session_->end ? failed(call, path_, session_->end) : disk_.refuseIfOff(call, path_);
  }
  Status checkWritable(const char* call) const {
    Status usable = check(call);
    if (!usable.ok() || mode_ != sys::OpenMode::kRead) return usable;
    return failed(call, path_, "Bad file descriptor");
  }

  SimulatedDisk& disk_;
  const NodePtr node_;  // lives on when its name goes
  const std::string path_;
  const sys::OpenMode mode_;
  const std::shared_ptr<const Session> session_;
};

class SimulatedDisk::HeldLock final : public sys::FileLock {
 public:
  HeldLock(SimulatedDisk& disk, NodePtr node)
      : disk_(disk), node_(std::move(node)), session_(disk.session_) {
    node_->lockedBy = session_;
  }
  ~HeldLock() override {
    const std::lock_guard<std::mutex> lock(disk_.mutex_);
    // After the end of the session another may hold it.
    if (node_->lockedBy == session_) node_->lockedBy.reset();
  }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  SimulatedDisk& disk_;
  const NodePtr node_;
  const std::shared_ptr<const Session> session_;
};

Result<std::unique_ptr<sys::File>> SimulatedDisk::open(const std::string& path,
                                                       sys::OpenMode mode) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Result<NodePtr> node = openNode("open", path, mode);
  if (!node.ok()) return node.status();
  return std::unique_ptr<sys::File>(std::make_unique<OpenFile>(*this, node.value(), path, mode));
}

bool SimulatedDisk::exists(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return find(path) != nullptr;
}

Result<uint64_t> SimulatedDisk::fileSize(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status usable = refuseIfOff("stat", path);
  if (!usable.ok()) return usable;
  const NodePtr node = find(path);
  return node ? uint64_t{node->content.cached().size()} : uint64_t{0};
}

Status SimulatedDisk::createDirectories(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status usable = refuseIfOff("mkdir", path);
  if (!usable.ok()) return usable;
  for (size_t at = 0; at < path.size();) {
    at = std::min(path.find('/', at + 1), path.size());
    const std::string prefix = path.substr(0, at);
    const NodePtr node = find(prefix);
    if (node && !node->isDirectory) return failed("mkdir", path, kNoDirectory);
    if (node) continue;
    Result<NodePtr> made = make("mkdir", prefix, placeOf(prefix), /*isDirectory=*/true);
    if (!made.ok()) return made.status();
  }
  return {};
}

Result<std::vector<std::string>> SimulatedDisk::list(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status usable = refuseIfOff("readdir", path);
  if (!usable.ok()) return usable;
  std::vector<std::string> names;
  const NodePtr node = find(path);
  if (!node) return names;
  if (!node->isDirectory) return failed("readdir", path, kNoDirectory);
  for (const auto& [name, child] : node->names) names.push_back(name);
  return names;
}

Status SimulatedDisk::createFile(const std::string& path, std::string_view content) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status usable = refuseIfOff("open", path);
  if (!usable.ok()) return usable;
  if (find(path)) return {Code::kAlreadyExists, failed("open", path, "File exists").message()};
  const Place place = placeOf(path);
  if (!place.directory) return failed("open", path, kMissing);
  Result<NodePtr> made = make("open", path, place, /*isDirectory=*/false);
  if (!made.ok() || content.empty()) return made.status();
  return write(*made.value(), path, 0, content);
}

Status SimulatedDisk::rename(const std::string& from, const std::string& to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return renameNode(from, to);
}

Status SimulatedDisk::removeFile(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status usable = refuseIfOff("unlink", path);
  if (!usable.ok()) return usable;
  const NodePtr node = find(path);
  if (!node) return {};
  if (node->isDirectory) return failed("unlink", path, kIsDirectory);
  return remove(path, placeOf(path));
}

Status SimulatedDisk::removeTree(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status usable = refuseIfOff("remove", path);
  if (!usable.ok()) return usable;
  const NodePtr node = find(path);
  if (!node) return {};
  Status below = removeBelow(path, node);
  return below.ok() ? remove(path, placeOf(path)) : below;
}

Status SimulatedDisk::syncFile(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Result<NodePtr> node = openNode("open", path, sys::OpenMode::kWrite);
  if (!node.ok()) return withoutNotFound(node.status());
  return sync(*node.value(), path);
}

Status SimulatedDisk::syncDirectory(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return syncNames(path);
}

Status SimulatedDisk::syncAll(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Status usable = refuseIfOff("open", path);
  if (!usable.ok()) return usable;
  const NodePtr node = find(path);
  if (!node || !node->isDirectory) return failed("open", path, node ? kNoDirectory : kMissing);
  Status begun = begin(Operation::kSync, "syncfs", path);
  if (isOff_) return begun;
  if (begun.ok()) settleNames(nullptr);
  eachNode([&begun](Node& each) {
    if (begun.ok()) {
      each.content.sync();
    } else {
      each.content.failSync();
    }
  });
  return begun;
}

Result<std::optional<std::string>> SimulatedDisk::readFile(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const Result<NodePtr> node = openNode("open", path, sys::OpenMode::kRead);
  if (node.ok()) return std::optional<std::string>(node.value()->content.cached());
  if (node.status().code() == Code::kNotFound) return std::optional<std::string>();
  return node.status();
}

Status SimulatedDisk::replaceFile(const std::string& path, std::string_view content) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string temporary = path + ".new";
  Result<NodePtr> node = openNode("open", temporary, sys::OpenMode::kCreate);
  if (!node.ok()) return withoutNotFound(node.status());
  Status done;
  if (!node.value()->content.cached().empty()) done = truncate(*node.value(), temporary, 0);
  if (done.ok() && !content.empty()) done = write(*node.value(), temporary, 0, content);
  if (done.ok()) done = sync(*node.value(), temporary);
  if (done.ok()) done = renameNode(temporary, path);
  if (done.ok()) done = syncNames(path.substr(0, path.find_last_of('/') + 1));
  return done;
}

Result<std::unique_ptr<sys::FileLock>> SimulatedDisk::lock(const std::string& path) {
  const std::lock_guard<std::mutex> lock(mutex_);
  Result<NodePtr> node = openNode("open", path, sys::OpenMode::kCreate);
  if (!node.ok()) return withoutNotFound(node.status());
  Node& file = *node.value();
  if (file.lockedBy && !file.lockedBy->end)
    return Status(Code::kUnavailable, path + " is held by process " + std::string(kProcessId));
  if (!file.content.cached().empty()) {
    Status emptied = truncate(file, path, 0);
    if (!emptied.ok()) return emptied;
  }
  Status written = write(file, path, 0, std::string(kProcessId) + "\n");
  if (!written.ok()) return written;
  return std::unique_ptr<sys::FileLock>(std::make_unique<HeldLock>(*this, node.value()));
}

}  // namespace holdfast::testing
