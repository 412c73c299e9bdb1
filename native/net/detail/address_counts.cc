#include "net/detail/address_counts.h"

namespace holdfast::net {

bool AddressCounts::add(const std::string& address) {
  if (max_ == 0 || address.empty()) return true;
  const std::lock_guard<std::mutex> lock(mutex_);
  uint32_t& count = counts_[address];
  if (count >= max_) return false;
  ++count;
  return true;
}

void AddressCounts::force(const std::string& address) {
  if (max_ == 0 || address.empty()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  ++counts_[address];
}

void AddressCounts::remove(const std::string& address) {
  if (max_ == 0 || address.empty()) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = counts_.find(address);
  if (found != counts_.end() && --found->second == 0) counts_.erase(found);
}

}  // namespace holdfast::net
