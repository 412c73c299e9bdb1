// libFuzzer target: the input as calls of SocketRegistry, against a plain list of sockets: what is
// refused, the order of getWebSockets(), tags, attachments and the limits of each.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "core/hibernation.h"

using namespace holdfast;
using core::SocketMode;
using core::SocketRegistry;

namespace {

constexpr uint8_t kActors = 3;

struct Model {
  SocketHandle handle = kNoHandle;
  SocketMode mode = SocketMode::kUnbound;
  uint8_t actor = 0;
  uint64_t accepted = 0;  // in this order
  std::vector<std::string> tags;
  std::optional<std::string> attachment;
};

ActorKey keyOf(uint8_t actor) {
  ActorKey key;
  key.id.bytes[0] = actor;
  return key;
}

class Calls {
 public:
  explicit Calls(std::string_view input) : input_(input) {}

  void run() {
    while (!input_.empty()) {
      call(byte());
      check();
    }
  }

 private:
  uint8_t byte() {
    const auto first = static_cast<uint8_t>(input_.empty() ? 0 : input_.front());
    input_.remove_prefix(input_.empty() ? 0 : 1);
    return first;
  }
  // Sizes around the limits are near.
  std::string text(size_t limit) {
    const uint8_t size = byte();
    const auto fill = static_cast<char>(byte());
    return std::string(size < 250 ? size % 8 : limit + 252 - size, fill);
  }
  Model* any() { return sockets_.empty() ? nullptr : &sockets_[byte() % sockets_.size()]; }

  void call(uint8_t what) {
    if (what % 6 == 0) {
      sockets_.push_back({registry_.add(), {}, 0, 0, {}, {}});
      return;
    }
    Model* socket = any();
    if (socket == nullptr) return;
    switch (what % 6) {
      case 1:
        return accept(*socket);
      case 2:
        return bind(*socket);
      case 3:
        return attach(*socket);
      case 4:
        return remove(*socket);
      default:
        registry_.instanceEnded(keyOf(socket->actor));
    }
  }

  void accept(Model& socket) {
    const uint8_t actor = byte() % kActors;
    std::vector<std::string> tags;
    for (uint8_t left = byte() % 13; left > 0; --left) tags.push_back(text(core::kTagBytesMax));
    std::vector<std::string> distinct;
    bool allowed = socket.mode == SocketMode::kUnbound;
    for (const std::string& tag : tags) {
      allowed =
          allowed && distinct.size() < core::kTagsPerSocketMax && tag.size() <= core::kTagBytesMax;
      const bool isNew = std::find(distinct.begin(), distinct.end(), tag) == distinct.end();
      if (isNew) distinct.push_back(tag);
    }
    DO_CHECK(registry_.acceptHibernatable(socket.handle, keyOf(actor), tags).ok() == allowed);
    if (!allowed) return;
    socket.mode = SocketMode::kHibernatable;
    socket.actor = actor;
    socket.accepted = ++accepted_;
    socket.tags = std::move(distinct);
  }

  void bind(Model& socket) {
    const uint8_t actor = byte() % kActors;
    const bool allowed = socket.mode == SocketMode::kUnbound;
    DO_CHECK(registry_.bindStandard(socket.handle, keyOf(actor)).ok() == allowed);
    if (!allowed) return;
    socket.mode = SocketMode::kStandard;
    socket.actor = actor;
    socket.accepted = ++accepted_;
  }

  void attach(Model& socket) {
    std::string content = text(core::kAttachmentBytesMax);
    const bool allowed = content.size() <= core::kAttachmentBytesMax;
    DO_CHECK(registry_.setAttachment(socket.handle, content).ok() == allowed);
    if (allowed) socket.attachment = std::move(content);
  }

  void remove(Model& socket) {
    const SocketHandle handle = socket.handle;
    DO_CHECK(registry_.remove(handle));
    DO_CHECK(!registry_.remove(handle) && !registry_.contains(handle));
    DO_CHECK(!registry_.setAttachment(handle, "x").ok() &&
             registry_.attachmentOf(handle) == nullptr);
    sockets_.erase(sockets_.begin() + (&socket - sockets_.data()));
  }

  // Of an actor, in order of acceptance.
  template <typename Wanted>
  std::vector<SocketHandle> expected(uint8_t actor, Wanted wanted) {
    std::vector<const Model*> found;
    for (const Model& socket : sockets_) {
      const bool owned = socket.mode != SocketMode::kUnbound && socket.actor == actor;
      if (owned && wanted(socket)) found.push_back(&socket);
    }
    std::sort(found.begin(), found.end(),
              [](const Model* one, const Model* other) { return one->accepted < other->accepted; });
    std::vector<SocketHandle> handles;
    for (const Model* socket : found) handles.push_back(socket->handle);
    return handles;
  }

  void check() {
    DO_CHECK(registry_.size() == sockets_.size());
    for (Model& socket : sockets_) {
      DO_CHECK(registry_.modeOf(socket.handle) == socket.mode);
      const std::string* attachment = registry_.attachmentOf(socket.handle);
      DO_CHECK((attachment != nullptr) == socket.attachment.has_value());
      if (attachment != nullptr) DO_CHECK(*attachment == *socket.attachment);
      const auto tags = registry_.tagsOf(socket.handle);
      DO_CHECK(tags.ok() == (socket.mode == SocketMode::kHibernatable));
      if (tags.ok()) DO_CHECK(tags.value() == socket.tags);
    }
    for (uint8_t actor = 0; actor < kActors; ++actor) {
      const ActorKey key = keyOf(actor);
      const auto isHibernatable = [](const Model& one) {
        return one.mode == SocketMode::kHibernatable;
      };
      std::vector<SocketHandle> newest = expected(actor, isHibernatable);
      std::reverse(newest.begin(), newest.end());
      DO_CHECK(registry_.hibernatable(key) == newest);
      DO_CHECK(registry_.all(key) == expected(actor, [](const Model&) { return true; }));
      for (const Model& socket : sockets_) {
        if (socket.tags.empty()) continue;
        const std::string& tag = socket.tags.back();
        const auto hasTag = [&tag](const Model& one) {
          return std::find(one.tags.begin(), one.tags.end(), tag) != one.tags.end();
        };
        DO_CHECK(registry_.hibernatable(key, tag) == expected(actor, hasTag));
      }
    }
  }

  std::string_view input_;
  SocketRegistry registry_;
  std::vector<Model> sockets_;
  uint64_t accepted_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kCallsMax = 256;
  Calls({reinterpret_cast<const char*>(data), std::min(size, kCallsMax)}).run();
  return 0;
}
