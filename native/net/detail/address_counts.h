// AddressCounts: how many connections each peer has, where a limit was asked for.
//
// Thread: any; connections begin on thread 0 and end on their own. Owner: the server.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace holdfast::net {

class AddressCounts {
 public:
  explicit AddressCounts(uint32_t max) : max_(max) {}  // 0: no limit, nothing is counted

  // False: it has as many as it may have. An address that is not known is not counted.
  [[nodiscard]] bool add(const std::string& address);
  // Counts without a limit.
  void force(const std::string& address);
  void remove(const std::string& address);

 private:
  const uint32_t max_;
  std::mutex mutex_;
  std::unordered_map<std::string, uint32_t> counts_;  // guarded by mutex_
};

}  // namespace holdfast::net
