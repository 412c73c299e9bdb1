// The operations that the calls are made of, each of which a fault can strike.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "support/simulated_disk.h"

namespace holdfast::testing {

Status SimulatedDisk::failed(const char* call, const std::string& path, const char* why) {
  return {Code::kIo, std::string(call) + " " + path + ": " + why};
}

Status SimulatedDisk::noSpace(const char* call, const std::string& path) {
  return {Code::kResourceExhausted, failed(call, path, "No space left on device").message()};
}

Result<SimulatedDisk::NodePtr> SimulatedDisk::openNode(const char* call, const std::string& path,
                                                       sys::OpenMode mode) {
  Status usable = refuseIfOff(call, path);
  if (!usable.ok()) return usable;
  const NodePtr node = find(path);
  if (node && node->isDirectory) return failed(call, path, kIsDirectory);
  if (node) return node;
  const Place place = placeOf(path);
  if (mode != sys::OpenMode::kCreate || !place.directory)
    return Status(Code::kNotFound, failed(call, path, kMissing).message());
  return make(call, path, place, /*isDirectory=*/false);
}

Result<SimulatedDisk::NodePtr> SimulatedDisk::make(const char* call, const std::string& path,
                                                   const Place& place, bool isDirectory) {
  Status begun = begin(Operation::kMakeName, call, path);
  if (!begun.ok()) return begun;
  if (isFull_) return noSpace(call, path);
  NodePtr node = std::make_shared<Node>();
  node->isDirectory = isDirectory;
  changeNames({{{place.directory, place.name, node}}});
  return node;
}

Status SimulatedDisk::write(Node& node, const std::string& path, uint64_t offset,
                            std::string_view bytes) {
  Status result = begin(Operation::kGrow, "pwrite", path);
  if (isOff_) return result;
  uint64_t carriedOut = bytes.size();
  const uint64_t size = node.content.cached().size();
  const uint64_t room = roomBytes();
  if (!result.ok()) {
    carriedOut /= 2;
  } else if (offset + bytes.size() > size && offset + bytes.size() - size > room) {
    carriedOut = size + room - std::min(offset, size + room);
    result = noSpace("pwrite", path);
  }
  if (carriedOut > 0) node.content.write(offset, bytes.substr(0, carriedOut));
  return result;
}

Status SimulatedDisk::truncate(Node& node, const std::string& path, uint64_t bytes) {
  const uint64_t size = node.content.cached().size();
  Status begun = begin(bytes > size ? Operation::kGrow : Operation::kShrink, "ftruncate", path);
  if (!begun.ok()) return begun;
  if (bytes > size && bytes - size > roomBytes()) return noSpace("ftruncate", path);
  node.content.truncate(bytes);
  return {};
}

Status SimulatedDisk::sync(Node& node, const std::string& path) {
  Status begun = begin(Operation::kSync, "fdatasync", path);
  if (begun.ok()) {
    node.content.sync();
  } else if (!isOff_) {
    node.content.failSync();
  }
  return begun;
}

Status SimulatedDisk::syncNames(const std::string& path) {
  Status usable = refuseIfOff("open", path);
  if (!usable.ok()) return usable;
  const NodePtr node = find(path);
  if (!node || !node->isDirectory) return failed("open", path, node ? kNoDirectory : kMissing);
  Status begun = begin(Operation::kSync, "fsync", path);
  if (begun.ok()) settleNames(node.get());
  return begun;
}

Status SimulatedDisk::renameNode(const std::string& from, const std::string& to) {
  Status usable = refuseIfOff("rename", from);
  if (!usable.ok()) return usable;
  const Place source = placeOf(from);
  const Place target = placeOf(to);
  const NodePtr node = find(from);
  const NodePtr replaced = find(to);
  if (!node || !target.directory) return failed("rename", from, kMissing);
  if (node == replaced) return {};
  DO_CHECK(!node->isDirectory || source.directory == target.directory, from, to);
  if (replaced && replaced->isDirectory != node->isDirectory)
    return failed("rename", from, replaced->isDirectory ? kIsDirectory : kNoDirectory);
  if (replaced && !replaced->names.empty()) return failed("rename", from, "Directory not empty");
  Status begun = begin(Operation::kChangeName, "rename", from);
  if (!begun.ok()) return begun;
  changeNames({{{source.directory, source.name, nullptr}, {target.directory, target.name, node}}});
  return {};
}

Status SimulatedDisk::remove(const std::string& path, const Place& place) {
  Status begun = begin(Operation::kChangeName, "unlink", path);
  if (!begun.ok()) return begun;
  changeNames({{{place.directory, place.name, nullptr}}});
  return {};
}

Status SimulatedDisk::removeBelow(const std::string& path, const NodePtr& directory) {
  const std::map<std::string, NodePtr> names = directory->names;  // shrinks under the loop
  for (const auto& [name, node] : names) {
    const std::string child = path + "/" + name;
    Status below = removeBelow(child, node);
    if (!below.ok()) return below;
    Status removed = remove(child, {directory, name});
    if (!removed.ok()) return removed;
  }
  return {};
}

}  // namespace holdfast::testing
