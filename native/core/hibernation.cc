#include "core/hibernation.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace holdfast::core {

namespace {

Status notFound() { return {Code::kNotFound, "The WebSocket is gone."}; }

Status limitReached(std::string message) { return {Code::kResourceExhausted, std::move(message)}; }

// Without duplicates; S6.10.3. Behind ten distinct ones a duplicate is one too many, as in workerd.
Result<std::vector<std::string>> distinctTags(const std::vector<std::string>& tags) {
  std::vector<std::string> distinct;
  for (const std::string& tag : tags) {
    if (distinct.size() == kTagsPerSocketMax) {
      return limitReached("a Hibernatable WebSocket cannot have more than " +
                          std::to_string(kTagsPerSocketMax) + " tags");
    }
    if (tag.size() > kTagBytesMax) {
      return limitReached('"' + tag + "\" is longer than the max tag length (" +
                          std::to_string(kTagBytesMax) + " characters).");
    }
    if (std::find(distinct.begin(), distinct.end(), tag) == distinct.end()) distinct.push_back(tag);
  }
  return distinct;
}

Status checkAutoResponse(const char* what, const std::string& text) {
  if (text.size() <= kAutoResponseBytesMax) return {};
  return limitReached(std::string(what) + " cannot be larger than " +
                      std::to_string(kAutoResponseBytesMax) + " bytes. A " +
                      static_cast<char>(what[0] - 'A' + 'a') + (what + 1) + " of size " +
                      std::to_string(text.size()) + " was provided.");
}

}  // namespace

SocketHandle SocketRegistry::add() { return sockets_.insert(Socket()); }

Status SocketRegistry::bindable(SocketHandle socket) {
  const Socket* found = sockets_.find(socket);
  if (found == nullptr) return notFound();
  if (found->mode == SocketMode::kUnbound) return {};
  return {Code::kAlreadyExists,
          "Cannot call `acceptWebSocket()` if the WebSocket was already accepted via `accept()`"};
}

Status SocketRegistry::acceptHibernatable(SocketHandle socket, const ActorKey& actor,
                                          const std::vector<std::string>& tags) {
  if (Status status = bindable(socket); !status.ok()) return status;
  const Result<std::vector<std::string>> distinct = distinctTags(tags);
  if (!distinct.ok()) return distinct.status();
  const std::optional<uint32_t> known = index_.find(actor);
  if (known && actors_.at(*known).hibernatable == kHibernatableSocketsMax) {
    return limitReached("only " + std::to_string(kHibernatableSocketsMax) +
                        " websockets can be accepted on a single Durable Object instance");
  }
  const uint32_t index = handleIndex(socket);
  link(index, findOrMake(actor), SocketMode::kHibernatable);
  linkTags(index, distinct.value());
  return {};
}

Status SocketRegistry::bindStandard(SocketHandle socket, const ActorKey& actor) {
  if (Status status = bindable(socket); !status.ok()) return status;
  link(handleIndex(socket), findOrMake(actor), SocketMode::kStandard);
  return {};
}

bool SocketRegistry::remove(SocketHandle socket) {
  const Socket* found = sockets_.find(socket);
  if (found == nullptr) return false;
  if (found->mode != SocketMode::kUnbound) {
    const uint32_t actor = found->actor;
    unlinkTags(handleIndex(socket));
    unlink(handleIndex(socket));
    dropIfUnneeded(actor);
  }
  return sockets_.erase(socket);
}

std::optional<SocketMode> SocketRegistry::modeOf(SocketHandle socket) {
  const Socket* found = sockets_.find(socket);
  if (found == nullptr) return std::nullopt;
  return found->mode;
}

std::optional<SocketPhase> SocketRegistry::phaseOf(SocketHandle socket) {
  const Socket* found = sockets_.find(socket);
  if (found == nullptr) return std::nullopt;
  return found->phase;
}

bool SocketRegistry::setPhase(SocketHandle socket, SocketPhase phase) {
  Socket* found = sockets_.find(socket);
  if (found != nullptr) found->phase = phase;
  return found != nullptr;
}

const ActorKey* SocketRegistry::actorOf(SocketHandle socket) {
  const Socket* found = sockets_.find(socket);
  if (found == nullptr || found->mode == SocketMode::kUnbound) return nullptr;
  return &actors_.at(found->actor).key;
}

Result<std::vector<std::string>> SocketRegistry::tagsOf(SocketHandle socket) {
  const Socket* found = sockets_.find(socket);
  if (found == nullptr) return notFound();
  if (found->mode == SocketMode::kUnbound) {
    return Status(Code::kUnsupported,
                  "you must call 'acceptWebSocket()' before attempting to access the tags of a "
                  "WebSocket.");
  }
  if (found->mode == SocketMode::kStandard) {
    return Status(Code::kUnsupported, "only hibernatable websockets can have tags.");
  }
  std::vector<std::string> tags;
  for (uint8_t i = 0; i < found->tagCount; ++i) tags.push_back(found->tags[i].tag->first);
  return tags;
}

Status SocketRegistry::setAttachment(SocketHandle socket, std::string serialized) {
  Socket* found = sockets_.find(socket);
  if (found == nullptr) return notFound();
  if (serialized.size() > kAttachmentBytesMax) {
    return limitReached("A WebSocket 'attachment' cannot be larger than " +
                        std::to_string(kAttachmentBytesMax) + " bytes.'attachment' was " +
                        std::to_string(serialized.size()) + " bytes.");
  }
  found->attachment = std::make_unique<const std::string>(std::move(serialized));
  return {};
}

const std::string* SocketRegistry::attachmentOf(SocketHandle socket) {
  const Socket* found = sockets_.find(socket);
  return found == nullptr ? nullptr : found->attachment.get();
}

std::vector<SocketHandle> SocketRegistry::hibernatable(const ActorKey& actor) const {
  std::vector<SocketHandle> found;
  const std::optional<uint32_t> index = index_.find(actor);
  if (!index) return found;
  found.reserve(actors_.at(*index).hibernatable);
  for (uint32_t socket = actors_.at(*index).tail; socket != kEnd;) {
    const Socket& record = sockets_.at(socket);
    if (record.mode == SocketMode::kHibernatable) found.push_back(sockets_.handleAt(socket));
    socket = record.previous;
  }
  return found;
}

std::vector<SocketHandle> SocketRegistry::hibernatable(const ActorKey& actor,
                                                       const std::string& tag) const {
  std::vector<SocketHandle> found;
  const std::optional<uint32_t> index = index_.find(actor);
  if (!index) return found;
  const auto list = actors_.at(*index).tags.find(tag);
  if (list == actors_.at(*index).tags.end()) return found;
  for (TagPlace place = list->second.head; place != kEnd; place = tagAt(place).next) {
    found.push_back(sockets_.handleAt(place >> kTagBits));
  }
  return found;
}

std::vector<SocketHandle> SocketRegistry::all(const ActorKey& actor) const {
  std::vector<SocketHandle> found;
  const std::optional<uint32_t> index = index_.find(actor);
  if (!index) return found;
  for (uint32_t socket = actors_.at(*index).head; socket != kEnd;
       socket = sockets_.at(socket).next) {
    found.push_back(sockets_.handleAt(socket));
  }
  return found;
}

Status SocketRegistry::setAutoResponse(const ActorKey& actor,
                                       std::shared_ptr<const AutoResponsePair> pair) {
  if (!pair) {
    if (const auto index = index_.find(actor)) {
      actors_.at(*index).autoResponse = nullptr;
      dropIfUnneeded(*index);
    }
    return {};
  }
  if (Status status = checkAutoResponse("Request", pair->request); !status.ok()) return status;
  if (Status status = checkAutoResponse("Response", pair->response); !status.ok()) return status;
  actors_.at(findOrMake(actor)).autoResponse = std::move(pair);
  return {};
}

std::shared_ptr<const AutoResponsePair> SocketRegistry::autoResponseOf(
    const ActorKey& actor) const {
  const std::optional<uint32_t> index = index_.find(actor);
  return index ? actors_.at(*index).autoResponse : nullptr;
}

void SocketRegistry::instanceEnded(const ActorKey& actor) {
  const std::optional<uint32_t> index = index_.find(actor);
  if (!index || actors_.at(*index).head != kEnd) return;
  actors_.at(*index).autoResponse = nullptr;
  dropIfUnneeded(*index);
}

uint32_t SocketRegistry::findOrMake(const ActorKey& key) {
  if (const auto found = index_.find(key)) return *found;
  ActorSockets actor;
  actor.key = key;
  const uint32_t index = handleIndex(actors_.insert(std::move(actor)));
  index_.insert(index);
  return index;
}

void SocketRegistry::dropIfUnneeded(uint32_t actor) {
  const ActorSockets& record = actors_.at(actor);
  if (record.head != kEnd || record.autoResponse) return;
  index_.erase(actor);
  actors_.erase(actors_.handleAt(actor));
}

void SocketRegistry::link(uint32_t socket, uint32_t actor, SocketMode mode) {
  Socket& record = sockets_.at(socket);
  ActorSockets& owner = actors_.at(actor);
  record.mode = mode;
  record.actor = actor;
  record.previous = owner.tail;
  (owner.tail == kEnd ? owner.head : sockets_.at(owner.tail).next) = socket;
  owner.tail = socket;
  if (mode == SocketMode::kHibernatable) ++owner.hibernatable;
  ++countOf(mode);
}

void SocketRegistry::unlink(uint32_t socket) {
  const Socket& record = sockets_.at(socket);
  ActorSockets& owner = actors_.at(record.actor);
  (record.previous == kEnd ? owner.head : sockets_.at(record.previous).next) = record.next;
  (record.next == kEnd ? owner.tail : sockets_.at(record.next).previous) = record.previous;
  if (record.mode == SocketMode::kHibernatable) --owner.hibernatable;
  --countOf(record.mode);
}

void SocketRegistry::linkTags(uint32_t socket, const std::vector<std::string>& tags) {
  static_assert(kTagsPerSocketMax <= 1U << kTagBits);
  if (tags.empty()) return;
  DO_CHECK(socket < kEnd >> kTagBits, socket);
  Socket& record = sockets_.at(socket);
  ActorSockets& owner = actors_.at(record.actor);
  record.tags = std::make_unique<TagLink[]>(tags.size());
  record.tagCount = static_cast<uint8_t>(tags.size());
  for (uint32_t i = 0; i < tags.size(); ++i) {
    const TagPlace place = socket << kTagBits | i;
    Tag& tag = *owner.tags.try_emplace(tags[i]).first;
    record.tags[i] = {&tag, tag.second.tail, kEnd};
    (tag.second.tail == kEnd ? tag.second.head : tagAt(tag.second.tail).next) = place;
    tag.second.tail = place;
  }
}

void SocketRegistry::unlinkTags(uint32_t socket) {
  const Socket& record = sockets_.at(socket);
  ActorSockets& owner = actors_.at(record.actor);
  for (uint8_t i = 0; i < record.tagCount; ++i) {
    const TagLink& link = record.tags[i];
    TagList& list = link.tag->second;
    (link.previous == kEnd ? list.head : tagAt(link.previous).next) = link.next;
    (link.next == kEnd ? list.tail : tagAt(link.next).previous) = link.previous;
    if (list.head == kEnd) owner.tags.erase(owner.tags.find(link.tag->first));
  }
}

SocketRegistry::TagLink& SocketRegistry::tagAt(TagPlace place) {
  return sockets_.at(place >> kTagBits).tags[place & ((1U << kTagBits) - 1)];
}

const SocketRegistry::TagLink& SocketRegistry::tagAt(TagPlace place) const {
  return sockets_.at(place >> kTagBits).tags[place & ((1U << kTagBits) - 1)];
}

}  // namespace holdfast::core
