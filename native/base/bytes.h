// Bytes: an immutable run of bytes that several owners may share, for example one broadcast message
// queued on a thousand sockets.
//
// Contract: never changes after construction; copying it copies a pointer. An empty Bytes owns
// nothing. Thread: immutable; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace holdfast {

class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::string content)
      : content_(content.empty() ? nullptr
                                 : std::make_shared<const std::string>(std::move(content))) {}

  [[nodiscard]] std::string_view view() const {
    return content_ ? std::string_view(*content_) : std::string_view();
  }
  [[nodiscard]] size_t size() const { return content_ ? content_->size() : 0; }
  [[nodiscard]] bool empty() const { return size() == 0; }

 private:
  std::shared_ptr<const std::string> content_;
};

}  // namespace holdfast
