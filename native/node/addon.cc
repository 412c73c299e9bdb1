// The addon's exports: the Runtime class, verify() and the numbers that lib/constants.js reads.
#include "core/actor_system.h"
#include "core/alarm_schedule.h"
#include "node/bindings_verify.h"
#include "node/napi_setup.h"
#include "node/row_batch.h"
#include "node/runtime_object.h"
#include "node/turn_codec.h"

namespace holdfast::node {
namespace {

using core::AlarmOutcome;
using core::AlarmVerdict;
using core::EventKind;
using core::PostResult;

template <typename T>
void put(Napi::Object& into, const char* name, T value) {
  into.Set(name, static_cast<double>(value));
}

Napi::Object constants(Napi::Env env) {
  Napi::Object turn = Napi::Object::New(env);
  put(turn, "request", TurnKind::kRequest);
  put(turn, "requestBody", TurnKind::kRequestBody);
  put(turn, "responseWritable", TurnKind::kResponseWritable);
  put(turn, "requestDone", TurnKind::kRequestDone);
  put(turn, "socketMessage", TurnKind::kSocketMessage);
  put(turn, "socketEnded", TurnKind::kSocketEnded);
  put(turn, "flushFailed", TurnKind::kFlushFailed);
  put(turn, "drained", TurnKind::kDrained);
  put(turn, "actor", TurnKind::kActor);
  put(turn, "gateOpened", TurnKind::kGateOpened);
  put(turn, "commitFailed", TurnKind::kCommitFailed);
  put(turn, "notice", TurnKind::kNotice);

  Napi::Object flag = Napi::Object::New(env);
  put(flag, "last", kFlagLast);
  put(flag, "failed", kFlagFailed);
  put(flag, "complete", kFlagComplete);
  put(flag, "upgrade", kFlagUpgrade);
  put(flag, "text", kFlagText);
  put(flag, "clean", kFlagClean);
  put(flag, "secure", kFlagSecure);
  put(flag, "framed", kFlagFramed);
  put(flag, "finished", kFlagFinished);
  put(flag, "utf8", kFlagUtf8);

  Napi::Object event = Napi::Object::New(env);
  put(event, "start", EventKind::kStart);
  put(event, "call", EventKind::kCall);
  put(event, "alarm", EventKind::kAlarm);
  put(event, "socketMessage", EventKind::kSocketMessage);
  put(event, "socketClose", EventKind::kSocketClose);
  put(event, "socketError", EventKind::kSocketError);
  put(event, "task", EventKind::kTask);
  put(event, "evict", EventKind::kEvict);

  Napi::Object post = Napi::Object::New(env);
  put(post, "queued", PostResult::kQueued);
  put(post, "overloaded", PostResult::kOverloaded);
  put(post, "stale", PostResult::kStale);

  Napi::Object outcome = Napi::Object::New(env);
  put(outcome, "success", AlarmOutcome::kSuccess);
  put(outcome, "failure", AlarmOutcome::kFailure);
  put(outcome, "uncounted", AlarmOutcome::kUncounted);
  put(outcome, "cancelled", AlarmOutcome::kCancelled);
  put(outcome, "abandon", AlarmOutcome::kAbandon);

  Napi::Object verdict = Napi::Object::New(env);
  put(verdict, "done", AlarmVerdict::kDone);
  put(verdict, "retry", AlarmVerdict::kRetry);
  put(verdict, "abandoned", AlarmVerdict::kAbandoned);
  put(verdict, "replaced", AlarmVerdict::kReplaced);

  Napi::Object cell = Napi::Object::New(env);
  put(cell, "null", RowBatch::kNull);
  put(cell, "number", RowBatch::kNumber);
  put(cell, "text", RowBatch::kText);
  put(cell, "other", RowBatch::kOther);

  Napi::Object out = Napi::Object::New(env);
  put(out, "wordsPerEvent", kWordsPerEvent);
  put(out, "cellTextUnits", RowBatch::kTextUnits);
  out.Set("cellKind", cell);
  out.Set("limitDefaults", RuntimeObject::limitDefaults(env));
  out.Set("turnKind", turn);
  out.Set("turnFlag", flag);
  out.Set("eventKind", event);
  out.Set("postResult", post);
  out.Set("alarmOutcome", outcome);
  out.Set("alarmVerdict", verdict);
  return out;
}

Napi::Object init(Napi::Env env, Napi::Object exports) {
  exports.Set("Runtime", RuntimeObject::define(env));
  exports.Set("constants", constants(env));
  exports.Set("verify", Napi::Function::New(env, verify, "verify"));
  return exports;
}

}  // namespace

NODE_API_MODULE(holdfast, init)

}  // namespace holdfast::node
