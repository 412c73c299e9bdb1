// The disk under the calls: power, faults, names. See also simulated_disk_operations.cc and
// simulated_disk_calls.cc.
#include "support/simulated_disk.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <set>
#include <utility>

#include "base/check.h"

namespace holdfast::testing {
namespace {

// How likely an unsynced change survives a power cut; the seed picks one. The extremes are there
// because with many changes coins alone would never lose all or keep all.
constexpr unsigned kKeepPercents[] = {0, 20, 50, 80, 100};

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> names;
  for (size_t at = 0; at < path.size();) {
    const size_t end = std::min(path.find('/', at), path.size());
    std::string name = path.substr(at, end - at);
    DO_CHECK(name != "..", path);
    if (!name.empty() && name != ".") names.push_back(std::move(name));
    at = end + 1;
  }
  return names;
}

}  // namespace

SimulatedDisk::SimulatedDisk(uint64_t capacityBytes)
    : root_(std::make_shared<Node>()), capacityBytes_(capacityBytes) {
  root_->isDirectory = true;
}

void SimulatedDisk::powerCut(uint64_t seed) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::mt19937_64 random(seed);
  const unsigned keepPercent = kKeepPercents[random() % std::size(kKeepPercents)];

  // A change whose names an earlier lost one touched has nothing to stand on.
  std::set<std::pair<const Node*, std::string>> lost;
  for (const NameChange& change : volatileNames_) {
    const bool possible = std::ranges::none_of(change.entries, [&lost](const auto& entry) {
      return lost.contains({entry.directory.get(), entry.name});
    });
    if (possible && random() % 100 < keepPercent) {
      change.makeDurable();
    } else {
      for (const auto& entry : change.entries) lost.insert({entry.directory.get(), entry.name});
    }
  }
  volatileNames_.clear();

  eachNode([&random, keepPercent](Node& node) {
    node.names = node.durableNames;
    node.content.losePower(random, keepPercent);
  });
  startSession("power is off");
}

void SimulatedDisk::killProcess() {
  const std::lock_guard<std::mutex> lock(mutex_);
  startSession("the process is dead");
}

void SimulatedDisk::startSession(const char* endOfLast) {
  session_->end = endOfLast;
  session_ = std::make_shared<Session>();
  armed_.clear();
  crashAt_ = kUnlimited;
  isOff_ = false;
}

void SimulatedDisk::failAt(uint64_t k, Fault fault) {
  const std::lock_guard<std::mutex> lock(mutex_);
  DO_CHECK(k > 0);
  armed_.emplace(operations_ + k, fault);
}

size_t SimulatedDisk::faultsPending() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return armed_.size();
}

void SimulatedDisk::crashAt(uint64_t k) {
  const std::lock_guard<std::mutex> lock(mutex_);
  DO_CHECK(k > 0);
  crashAt_ = operations_ + k;
}

void SimulatedDisk::crashNow() {
  const std::lock_guard<std::mutex> lock(mutex_);
  isOff_ = true;
}

bool SimulatedDisk::isPowerOff() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return isOff_;
}

uint64_t SimulatedDisk::operations() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return operations_;
}

void SimulatedDisk::setCapacityBytes(uint64_t bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  capacityBytes_ = bytes;
}

void SimulatedDisk::freeSpace() {
  const std::lock_guard<std::mutex> lock(mutex_);
  isFull_ = false;
}

std::optional<std::string> SimulatedDisk::content(const std::string& path) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const NodePtr node = find(path);
  if (!node || node->isDirectory) return std::nullopt;
  return node->content.cached();
}

void SimulatedDisk::setContent(const std::string& path, std::string bytes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::vector<std::string> names = split(path);
  DO_CHECK(!names.empty(), path);
  NodePtr node = root_;
  for (size_t i = 0; i < names.size(); ++i) {
    DO_CHECK(node->isDirectory, path);
    settleNames(node.get());
    const auto [entry, isNew] = node->names.try_emplace(names[i]);
    if (isNew) {
      entry->second = std::make_shared<Node>();
      entry->second->isDirectory = i + 1 < names.size();
      node->durableNames[names[i]] = entry->second;
    }
    node = entry->second;
  }
  DO_CHECK(!node->isDirectory, path);
  node->content.replace(std::move(bytes));
}

void SimulatedDisk::corrupt(const std::string& path, uint64_t offset, uint8_t mask) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const NodePtr node = find(path);
  DO_CHECK(node && offset < node->content.cached().size(), path, offset);
  node->content.flip(offset, mask);
}

Status SimulatedDisk::refuseIfOff(const char* call, const std::string& path) const {
  return isOff_ ? failed(call, path, "power is off") : Status();
}

Status SimulatedDisk::begin(Operation operation, const char* call, const std::string& path) {
  if (!isOff_) isOff_ = ++operations_ >= crashAt_;
  if (isOff_) return refuseIfOff(call, path);
  const std::optional<Fault> fault = takeFault(operation);
  if (!fault) return {};
  if (*fault == Fault::kFailedWrite || *fault == Fault::kFailedSync)
    return failed(call, path, "Input/output error");
  if (*fault == Fault::kNoSpace) isFull_ = true;
  return noSpace(call, path);
}

std::optional<Fault> SimulatedDisk::takeFault(Operation operation) {
  const auto strikes = [operation](Fault fault) {
    if (fault == Fault::kFailedSync) return operation == Operation::kSync;
    if (fault == Fault::kFailedWrite) return operation != Operation::kSync;
    return operation == Operation::kGrow || operation == Operation::kMakeName;
  };
  const auto due = armed_.upper_bound(operations_);
  for (auto each = armed_.begin(); each != due; ++each) {
    if (!strikes(each->second)) continue;
    const Fault fault = each->second;
    armed_.erase(each);
    return fault;
  }
  return std::nullopt;
}

uint64_t SimulatedDisk::roomBytes() const {
  if (isFull_) return 0;
  if (capacityBytes_ == kUnlimited) return kUnlimited;
  uint64_t used = 0;
  eachNode([&used](const Node& node) { used += node.content.cached().size(); });
  return capacityBytes_ - std::min(used, capacityBytes_);
}

void SimulatedDisk::eachNode(const std::function<void(Node&)>& visit) const {
  std::vector<Node*> ahead{root_.get()};
  while (!ahead.empty()) {
    Node& node = *ahead.back();
    ahead.pop_back();
    visit(node);
    for (const auto& [name, child] : node.names) ahead.push_back(child.get());
  }
}

SimulatedDisk::NodePtr SimulatedDisk::find(const std::string& path) const {
  NodePtr node = root_;
  for (const std::string& name : split(path)) {
    const auto entry = node->names.find(name);
    if (entry == node->names.end()) return nullptr;
    node = entry->second;
  }
  return node;
}

SimulatedDisk::Place SimulatedDisk::placeOf(const std::string& path) const {
  std::vector<std::string> names = split(path);
  DO_CHECK(!names.empty(), "the root has no name", path);
  std::string last = std::move(names.back());
  names.pop_back();
  NodePtr node = root_;
  for (const std::string& name : names) {
    const auto entry = node->names.find(name);
    if (entry == node->names.end()) return {nullptr, std::move(last)};
    node = entry->second;
  }
  return {node->isDirectory ? node : nullptr, std::move(last)};
}

void SimulatedDisk::changeNames(NameChange change) {
  for (const auto& [directory, name, node] : change.entries) {
    if (node) {
      directory->names[name] = node;
    } else {
      directory->names.erase(name);
    }
  }
  volatileNames_.push_back(std::move(change));
}

void SimulatedDisk::NameChange::makeDurable() const {
  for (const auto& [directory, name, node] : entries) {
    if (node) {
      directory->durableNames[name] = node;
    } else {
      directory->durableNames.erase(name);
    }
  }
}

void SimulatedDisk::settleNames(const Node* directory) {
  // From the last to the first, because a change needs the earlier ones of its names.
  std::set<std::pair<const Node*, std::string>> needed;
  std::vector<bool> settles(volatileNames_.size());
  for (size_t i = volatileNames_.size(); i-- > 0;) {
    const auto& entries = volatileNames_[i].entries;
    settles[i] = std::ranges::any_of(entries, [&](const auto& entry) {
      return !directory || entry.directory.get() == directory ||
             needed.contains({entry.directory.get(), entry.name});
    });
    if (!settles[i]) continue;
    for (const auto& entry : entries) needed.insert({entry.directory.get(), entry.name});
  }
  std::vector<NameChange> rest;
  for (size_t i = 0; i < settles.size(); ++i) {
    if (settles[i]) {
      volatileNames_[i].makeDurable();
    } else {
      rest.push_back(std::move(volatileNames_[i]));
    }
  }
  volatileNames_ = std::move(rest);
}

}  // namespace holdfast::testing
