// NamespaceTable: the namespaces of one runtime, by index.
//
// Filled at start-up, then constant. Thread: any after start-up.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "core/actor_id.h"

namespace holdfast::host {

enum class StorageKind : uint8_t { kSqlite, kKeyValue };

struct Namespace {
  Namespace(std::string unique, StorageKind storage)
      : uniqueKey(std::move(unique)), kind(storage), key(uniqueKey) {}

  std::string uniqueKey;
  StorageKind kind;
  core::NamespaceKey key;
};

class NamespaceTable {
 public:
  NamespaceIndex add(Namespace entry) {
    entries_.push_back(std::move(entry));
    return static_cast<NamespaceIndex>(entries_.size() - 1);
  }
  [[nodiscard]] const Namespace& at(NamespaceIndex index) const { return entries_[index]; }
  [[nodiscard]] size_t size() const { return entries_.size(); }

  // size() when there is none of that key.
  [[nodiscard]] NamespaceIndex find(const std::string& uniqueKey) const {
    NamespaceIndex index = 0;
    while (index < entries_.size() && entries_[index].uniqueKey != uniqueKey) ++index;
    return index;
  }

 private:
  std::vector<Namespace> entries_;
};

}  // namespace holdfast::host
