#include "net/detail/address_counts.h"

#include <sys/socket.h>

#include <cstring>

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

std::string addressOf(const Stream::endpoint& endpoint) {
  const int family = endpoint.protocol().family();
  if (family != AF_INET && family != AF_INET6) return {};
  boost::asio::ip::tcp::endpoint peer;
  if (endpoint.size() > peer.capacity()) return {};
  std::memcpy(peer.data(), endpoint.data(), endpoint.size());
  const boost::asio::ip::address address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6())
        .to_string();
  }
  return address.to_string();
}

int familyOf(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0) return -1;
  return address.ss_family;
}

}  // namespace holdfast::net
