// RuntimeObject: the native half of one Holdfast runtime, as JavaScript holds it.
//
// JavaScript is entered once per turn: onTurn(count, text, payloads) with the words described in
// turn_codec.h; when it returns and its microtasks are drained, and with them those of onRest(),
// which is called while JavaScript asks for it, the turn ends: commit, stamp, send. A turn that
// Node started (a timer, a fetch) calls endTurn() itself. `state[0]` is 1 while a turn of ours
// runs. The methods are bound in the bindings_*.cc files, by subject. This class only translates.
//
// Thread: the shard's. Owner: JavaScript (garbage collected after close(), or ended by the
// environment's cleanup hook).
#pragma once

#include <memory>

#include "host/host.h"
#include "node/cursor_table.h"
#include "node/doorbell.h"
#include "node/napi_setup.h"
#include "node/row_batch.h"
#include "node/turn_codec.h"

namespace holdfast::node {

class RuntimeObject final : public Napi::ObjectWrap<RuntimeObject> {
 public:
  static Napi::Function define(Napi::Env env);
  // The limits that the option `limits` may name, with their defaults.
  static Napi::Object limitDefaults(Napi::Env env);
  explicit RuntimeObject(const Napi::CallbackInfo& info);
  ~RuntimeObject() override;

 private:
  using Info = const Napi::CallbackInfo&;
  using Methods = std::vector<PropertyDescriptor>;
  static void lifecycleMethods(Methods& methods);
  static void actorMethods(Methods& methods);
  static void storageMethods(Methods& methods);
  static void facetMethods(Methods& methods);
  static void historyMethods(Methods& methods);
  static void sqlMethods(Methods& methods);
  static void httpMethods(Methods& methods);
  static void socketMethods(Methods& methods);
  static void levelMethods(Methods& methods);

  // Those that are called for each event, message, row or key (bindings_actors.cc,
  // bindings_http.cc, bindings_sockets.cc, bindings_storage.cc, bindings_sql.cc).
  void bindActors(Napi::Object self);
  void bindHttp(Napi::Object self);
  void bindSockets(Napi::Object self);
  void bindStorage(Napi::Object self);
  void bindSql(Napi::Object self);

  // Lifecycle (runtime_object.cc).
  Napi::Value addNamespace(Info info);
  Napi::Value start(Info info);
  Napi::Value listen(Info info);
  void drain(Info info);
  Napi::Value close(Info info);
  void endTurn(Info info);
  void ring(Info info);
  void keepAlive(Info info);
  Napi::Value counts(Info info);
  Napi::Value metrics(Info info);
  void trimMemory(Info info);
  Napi::Value readMeta(Info info);
  void writeMeta(Info info);
  void deleteNamespace(Info info);
  Napi::Value hasObjects(Info info);

  // Actors (bindings_actors.cc).
  Napi::Value idFromName(Info info);
  Napi::Value newUniqueId(Info info);
  Napi::Value parseId(Info info);
  Napi::Value openActor(Info info);
  Napi::Value actorId(Info info);
  Napi::Value post(Info info);
  Napi::Value postTask(Info info);
  Napi::Value started(Info info);
  Napi::Value finished(Info info);
  Napi::Value hold(Info info);
  Napi::Value release(Info info);
  Napi::Value openSection(Info info);
  Napi::Value closeSection(Info info);
  Napi::Value isOpenFor(Info info);
  Napi::Value hasMail(Info info);
  void evicted(Info info);
  Napi::Value breakActor(Info info);
  void restartActor(Info info);
  Napi::Value gate(Info info);
  Napi::Value syncTicket(Info info);
  Napi::Value firstLost(Info info);
  Napi::Value alarmOver(Info info);
  Napi::Value alarmCompleted(Info info);
  void dropAlarm(Info info);

  // Key-value, alarm, transactions (bindings_storage.cc).
  Napi::Value kvGet(Info info);
  void kvPut(Info info);
  Napi::Value kvPutPrimitive(Info info);
  Napi::Value kvDelete(Info info);
  Napi::Value kvList(Info info);
  Napi::Value kvOpen(Info info);
  Napi::Value kvNext(Info info);
  Napi::Value alarmGet(Info info);
  void alarmSet(Info info);
  void beginUnconfirmed(Info info);
  void endUnconfirmed(Info info);
  void openTransaction(Info info);
  void savepoint(Info info);
  void releaseSavepoint(Info info);
  void rollbackToSavepoint(Info info);
  void deleteAll(Info info);
  Napi::Value databaseSize(Info info);

  // Facets (bindings_facets.cc).
  Napi::Value facetNumber(Info info);
  Napi::Value openFacet(Info info);
  void deleteFacet(Info info);
  void deleteFacets(Info info);
  void cloneFacet(Info info);
  // Of the object of `parent`, which is named by its handle: the facet and all below it.
  Status deleteFacetTree(ActorHandle parent, const std::string& name);

  // Point-in-time recovery (bindings_history.cc).
  Napi::Value bookmark(Info info);
  Napi::Value retainsHistory(Info info);
  Napi::Value committedBookmark(Info info);
  Napi::Value bookmarkForTime(Info info);
  Napi::Value objectName(Info info);
  Napi::Value isBookmark(Info info);
  Napi::Value restoreBookmark(Info info);

  // SQL (bindings_sql.cc).
  Napi::Value sqlExec(Info info);
  Napi::Value sqlReused(Info info);
  Napi::Value sqlIngest(Info info);
  void setPageCountMax(Info info);
  Napi::Value sqlNext(Info info);
  Napi::Value sqlBatch(Info info);
  Napi::Value sqlAhead(Info info);
  Napi::Value sqlCounts(Info info);
  void cursorClose(Info info);
  void noteCounts(const storage::SqlCursor& cursor);
  Napi::Value sendRows(Napi::Env env, Handle handle, const storage::SqlCursor& cursor);

  // HTTP (bindings_http.cc).
  void respond(Info info);
  void respondBody(Info info);
  void abortResponse(Info info);
  void readMore(Info info);
  void adopt(Info info);
  Napi::Value relay(Info info);

  // Sockets (bindings_sockets.cc).
  Napi::Value socketOpen(Info info);
  void socketAccept(Info info);
  void socketBind(Info info);
  void socketSend(Info info);
  void socketClose(Info info);
  void socketTerminate(Info info);
  void socketDismiss(Info info);
  void socketForget(Info info);
  Napi::Value socketsOf(Info info);
  Napi::Value socketTags(Info info);
  Napi::Value socketAttachment(Info info);
  Napi::Value socketPhase(Info info);
  void setSocketAttachment(Info info);
  void setAutoResponse(Info info);
  Napi::Value autoResponse(Info info);
  Napi::Value autoResponseTimestamp(Info info);

  // Test controls (bindings_levels.cc).
  void pushLevel(Info info);
  void popLevel(Info info);
  void clearStorage(Info info);
  Napi::Value actors(Info info);
  Napi::Value storedObjects(Info info);
  Napi::Value evictNow(Info info);
  void failCommit(Info info);
  void setDiskFull(Info info);
  void clearFaults(Info info);
  void holdTime(Info info);
  void moveTime(Info info);
  void setTime(Info info);
  void releaseTime(Info info);
  Napi::Value nextDueMs(Info info);
  Napi::Value isQuiet(Info info);

  void onRing();
  bool enterJavaScript();
  void finishTurn();
  void rearm();
  static void cleanUp(void* self) { static_cast<RuntimeObject*>(self)->shutDown(); }
  void shutDown();
  // The database of a live instance, or nullptr with a JavaScript exception pending.
  storage::Database* database(Info info);
  bool failed(Napi::Env env, const Status& status);
  // True, with a JavaScript exception pending, after close().
  bool isClosed(Napi::Env env);

  std::unique_ptr<Doorbell> doorbell_;
  std::unique_ptr<host::Host> host_;
  Napi::Reference<Napi::Uint32Array> sqlAheadReference_;
  std::unique_ptr<AheadCounts> ahead_;  // cursors_ uses it
  CursorTable cursors_;
  bool sqlReused_ = false;
  TurnCodec codec_;
  host::Turn turn_;
  Napi::FunctionReference onTurn_;
  Napi::FunctionReference onWords_;
  Napi::FunctionReference onRest_;
  std::unique_ptr<Napi::AsyncContext> context_;
  Napi::Reference<Napi::Uint32Array> state_;
  uint32_t* stateData_ = nullptr;
  Napi::Reference<Napi::Uint32Array> sends_;  // host::SendRun
  Napi::Reference<Napi::Float64Array> sqlStateReference_;
  double* sqlState_ = nullptr;
  std::unique_ptr<RowBatch> rows_;
  std::string scratch_;  // of one call
  bool closing_ = false;
};

}  // namespace holdfast::node
