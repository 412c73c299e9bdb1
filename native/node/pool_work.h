// queueOnPool(): work that may block on the device, on a thread of libuv's pool, for a promise.
//
// Contract: `work` runs there and touches no JavaScript; `toValue` makes what the promise resolves
// to, on the JavaScript thread. Owner: the environment; nothing is delivered after its end.
// Failure: the promise rejects with an Error of the status's message.
#pragma once

#include <functional>
#include <utility>

#include "base/result.h"
#include "node/napi_setup.h"

namespace holdfast::node {

template <typename T>
class PoolWork final : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result<T>()>;
  using ToValue = std::function<Napi::Value(Napi::Env, const T&)>;
  PoolWork(Napi::Env env, Work work, ToValue toValue)
      : Napi::AsyncWorker(env),
        work_(std::move(work)),
        toValue_(std::move(toValue)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  [[nodiscard]] Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { result_ = work_(); }
  void OnOK() override {
    if (result_.ok()) {
      deferred_.Resolve(toValue_(Env(), result_.value()));
    } else {
      deferred_.Reject(Napi::Error::New(Env(), result_.status().message()).Value());
    }
  }

 private:
  const Work work_;
  const ToValue toValue_;
  const Napi::Promise::Deferred deferred_;
  Result<T> result_ = Status(Code::kUnavailable, "not run");
};

template <typename T>
Napi::Promise queueOnPool(Napi::Env env, typename PoolWork<T>::Work work,
                          typename PoolWork<T>::ToValue toValue) {
  auto* queued = new PoolWork<T>(env, std::move(work), std::move(toValue));  // deletes itself
  const Napi::Promise promise = queued->promise();
  queued->Queue();
  return promise;
}

}  // namespace holdfast::node
