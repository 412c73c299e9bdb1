// Bookmarks and point-in-time recovery (spec S4.13). What reads files runs on a thread of libuv's
// pool; it holds the History and not the runtime, which may close meanwhile.
#include <utility>

#include "node/pool_work.h"
#include "node/runtime_object.h"
#include "storage/bookmark.h"
#include "storage/history.h"

namespace holdfast::node {
namespace {

// Resolves to the bookmark of the LSN that `work` gives.
Napi::Value queue(Napi::Env env, PoolWork<Lsn>::Work work) {
  return queueOnPool<Lsn>(env, std::move(work), [](Napi::Env in, const Lsn& lsn) {
    return Napi::String::New(in, storage::bookmarkText(lsn));
  });
}

}  // namespace

void RuntimeObject::historyMethods(Methods& methods) {
  methods.push_back(InstanceMethod("bookmark", &RuntimeObject::bookmark));
  methods.push_back(InstanceMethod("retainsHistory", &RuntimeObject::retainsHistory));
  methods.push_back(InstanceMethod("committedBookmark", &RuntimeObject::committedBookmark));
  methods.push_back(InstanceMethod("bookmarkForTime", &RuntimeObject::bookmarkForTime));
  methods.push_back(InstanceMethod("objectName", &RuntimeObject::objectName));
  methods.push_back(InstanceMethod("isBookmark", &RuntimeObject::isBookmark));
  methods.push_back(InstanceMethod("restoreBookmark", &RuntimeObject::restoreBookmark));
}

// (actor) -> the object's own counter
Napi::Value RuntimeObject::bookmark(Info info) {
  storage::Database* database = this->database(info);
  if (database == nullptr) return info.Env().Undefined();
  const Result<std::string> bookmark = database->bookmark();
  if (failed(info.Env(), bookmark.status())) return info.Env().Undefined();
  return Napi::String::New(info.Env(), bookmark.value());
}

// () -> whether what is below works
Napi::Value RuntimeObject::retainsHistory(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), host_->engine().history() != nullptr);
}

// (actor) -> of its last commit; undefined: it has written since then, and no transaction spans
// turns
Napi::Value RuntimeObject::committedBookmark(Info info) {
  if (this->database(info) == nullptr) return info.Env().Undefined();
  const std::optional<Lsn> lsn = host_->shard().committedLsn(toHandle(info[0]));
  if (!lsn) return info.Env().Undefined();
  return Napi::String::New(info.Env(), storage::bookmarkText(*lsn));
}

// (milliseconds) -> promise of a bookmark
Napi::Value RuntimeObject::bookmarkForTime(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const auto at = static_cast<TimestampMs>(info[0].As<Napi::Number>().Int64Value());
  return queue(info.Env(),
               [history = host_->engine().history(), at] { return history->lastBefore(at); });
}

// (actor) -> [unique key, id], which name it to restoreBookmark()
Napi::Value RuntimeObject::objectName(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const Result<storage::ObjectName> name = host_->shard().objectName(toHandle(info[0]));
  if (failed(info.Env(), name.status())) return info.Env().Undefined();
  Napi::Array out = Napi::Array::New(info.Env(), 2);
  out.Set(0U, name.value().uniqueKey);
  out.Set(1U, name.value().idHex);
  return out;
}

// (text) -> whether it is a bookmark
Napi::Value RuntimeObject::isBookmark(Info info) {
  return Napi::Boolean::New(info.Env(), storage::parseBookmark(toUtf8(info[0])).has_value());
}

// (actor, bookmark, unique key, id) -> promise of that bookmark, or undefined: it is none. The last
// two: of which object; undefined: the actor's own.
Napi::Value RuntimeObject::restoreBookmark(Info info) {
  if (isClosed(info.Env())) return info.Env().Undefined();
  const std::optional<Lsn> lsn = storage::parseBookmark(toUtf8(info[1]));
  if (!lsn) return info.Env().Undefined();
  Result<storage::ObjectName> object = host_->shard().objectName(toHandle(info[0]));
  if (failed(info.Env(), object.status())) return info.Env().Undefined();
  storage::ObjectName source = object.value();
  if (info[2].IsString()) source = {toUtf8(info[2]), toUtf8(info[3])};
  return queue(info.Env(),
               [history = host_->engine().history(), object = std::move(object).value(),
                state = storage::History::State{std::move(source), *lsn}]() -> Result<Lsn> {
                 Status prepared = history->prepareRestore(object, state);
                 if (!prepared.ok()) return prepared;
                 return state.after;
               });
}

}  // namespace holdfast::node
