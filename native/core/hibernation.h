// SocketRegistry: the WebSockets of objects, which outlive instances (spec S6.10, S6.11, S6.13,
// S6.15).
//
// A socket is added without an owner (its attachment may be set already, S6.11.4), then either
// bound to an object as a standard socket (accept()) or accepted as a hibernatable one with tags.
// It stays until remove(). While hibernated a socket is what is kept here, and nothing in
// JavaScript.
//
// Contract: sockets belong to an ActorKey, not to an incarnation. This class tells nobody: the host
// pins the record in ActorSystem for each hibernatable socket and holds the instance for each
// standard one. Order is order of acceptance. Limits (docs/limits.md): the constants below. Their
// texts are the spec's; all but setAutoResponse() (RangeError) become an Error in JavaScript. Cost:
// 48 bytes per idle socket on 64-bit machines, 16 more per tag, 32 and the content for an
// attachment; a tag's text once per object. Each operation O(1), look-ups O(sockets found). Thread:
// the shard's. Pure. Failure: a stale handle is refused (kNotFound / false / nullptr).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "base/slot_map.h"
#include "core/key_index.h"

namespace holdfast::core {

constexpr size_t kTagsPerSocketMax = 10;
constexpr size_t kTagBytesMax = 256;
constexpr size_t kHibernatableSocketsMax = 32'768;  // per object
constexpr size_t kAttachmentBytesMax = 16'384;
constexpr size_t kAutoResponseBytesMax = 2'048;  // each of request and response

enum class SocketMode : uint8_t { kUnbound, kStandard, kHibernatable };

// How far the closing handshake is (S6.6); kept here so that it survives hibernation (S6.11.6).
enum class SocketPhase : uint8_t { kOpen, kClosing, kClosed };

struct AutoResponsePair {
  std::string request;
  std::string response;
};

class SocketRegistry {
 public:
  SocketRegistry() : index_(actors_) {}
  SocketRegistry(const SocketRegistry&) = delete;
  SocketRegistry& operator=(const SocketRegistry&) = delete;

  SocketHandle add();
  // kAlreadyExists: accepted before. kResourceExhausted: S6.10.3-4. Duplicate tags are dropped,
  // order is kept.
  Status acceptHibernatable(SocketHandle socket, const ActorKey& actor,
                            const std::vector<std::string>& tags);
  // Standard API. kAlreadyExists as above.
  Status bindStandard(SocketHandle socket, const ActorKey& actor);
  bool remove(SocketHandle socket);

  [[nodiscard]] bool contains(SocketHandle socket) { return sockets_.find(socket) != nullptr; }
  // nullopt: stale.
  [[nodiscard]] std::optional<SocketMode> modeOf(SocketHandle socket);
  [[nodiscard]] std::optional<SocketPhase> phaseOf(SocketHandle socket);
  bool setPhase(SocketHandle socket, SocketPhase phase);
  // nullptr: stale or unbound. Valid until the next call that is not const.
  const ActorKey* actorOf(SocketHandle socket);
  // S6.11.3: fails unless the socket is hibernatable.
  Result<std::vector<std::string>> tagsOf(SocketHandle socket);
  Status setAttachment(SocketHandle socket, std::string serialized);
  // nullptr: stale or none was set.
  const std::string* attachmentOf(SocketHandle socket);

  // S6.11.1: hibernatable sockets, most recently accepted first.
  [[nodiscard]] std::vector<SocketHandle> hibernatable(const ActorKey& actor) const;
  // S6.11.1: those with the tag, oldest first.
  [[nodiscard]] std::vector<SocketHandle> hibernatable(const ActorKey& actor,
                                                       const std::string& tag) const;
  // Sockets of both modes, oldest first.
  [[nodiscard]] std::vector<SocketHandle> all(const ActorKey& actor) const;

  // S6.13: applies to every hibernatable socket of the object. nullptr clears.
  Status setAutoResponse(const ActorKey& actor, std::shared_ptr<const AutoResponsePair> pair);
  [[nodiscard]] std::shared_ptr<const AutoResponsePair> autoResponseOf(const ActorKey& actor) const;
  // The instance is gone: an object without sockets forgets its auto-response too.
  void instanceEnded(const ActorKey& actor);

  [[nodiscard]] size_t size() const { return sockets_.size(); }
  // Of objects.
  [[nodiscard]] size_t hibernatable() const { return hibernatable_; }
  [[nodiscard]] size_t standard() const { return standard_; }

 private:
  static constexpr uint32_t kEnd = UINT32_MAX;

  // Names one tag of one socket: the socket's place and the tag's, packed.
  using TagPlace = uint32_t;
  static constexpr uint32_t kTagBits = 4;

  struct TagList {
    TagPlace head = kEnd;
    TagPlace tail = kEnd;
  };
  using Tag = std::pair<const std::string, TagList>;
  struct TagLink {
    Tag* tag = nullptr;  // in ActorSockets::tags
    TagPlace previous = kEnd;
    TagPlace next = kEnd;
  };
  struct Socket {
    std::unique_ptr<const std::string> attachment;
    std::unique_ptr<TagLink[]> tags;
    uint32_t actor = kEnd;  // in actors_
    uint32_t previous = kEnd;
    uint32_t next = kEnd;
    uint8_t tagCount = 0;
    SocketMode mode = SocketMode::kUnbound;
    SocketPhase phase = SocketPhase::kOpen;
  };
  struct ActorSockets {
    ActorKey key;
    uint32_t head = kEnd;  // oldest
    uint32_t tail = kEnd;
    uint32_t hibernatable = 0;
    std::shared_ptr<const AutoResponsePair> autoResponse;
    std::unordered_map<std::string, TagList> tags;
  };

  uint32_t findOrMake(const ActorKey& key);
  void dropIfUnneeded(uint32_t actor);
  void link(uint32_t socket, uint32_t actor, SocketMode mode);
  void unlink(uint32_t socket);
  size_t& countOf(SocketMode mode) {
    return mode == SocketMode::kHibernatable ? hibernatable_ : standard_;
  }
  void linkTags(uint32_t socket, const std::vector<std::string>& tags);
  void unlinkTags(uint32_t socket);
  TagLink& tagAt(TagPlace place);
  [[nodiscard]] const TagLink& tagAt(TagPlace place) const;
  Status bindable(SocketHandle socket);

  SlotMap<Socket> sockets_;
  SlotMap<ActorSockets> actors_;
  KeyIndex<ActorSockets> index_;
  size_t hibernatable_ = 0;
  size_t standard_ = 0;
};

}  // namespace holdfast::core
