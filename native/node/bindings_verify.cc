#include "node/bindings_verify.h"

#include <string>
#include <utility>
#include <vector>

#include "storage/verify.h"

namespace holdfast::node {
namespace {

class VerifyWorker final : public Napi::AsyncWorker {
 public:
  VerifyWorker(Napi::Env env, std::string dataDir)
      : Napi::AsyncWorker(env),
        dataDir_(std::move(dataDir)),
        deferred_(Napi::Promise::Deferred::New(env)) {}

  [[nodiscard]] Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    found_ = storage::verifyDataDirectory(sys::systemFileSystem(), dataDir_);
  }
  void OnOK() override {
    if (found_.ok()) {
      deferred_.Resolve(reportOf(found_.value()));
    } else {
      deferred_.Reject(Napi::Error::New(Env(), found_.status().message()).Value());
    }
  }

 private:
  Napi::Value findingsOf(const std::vector<storage::VerifyFinding>& findings) {
    Napi::Array out = Napi::Array::New(Env(), findings.size());
    for (uint32_t i = 0; i < findings.size(); ++i) {
      Napi::Object finding = Napi::Object::New(Env());
      finding.Set("path", findings[i].path);
      finding.Set("what", findings[i].what);
      out.Set(i, finding);
    }
    return out;
  }
  Napi::Value reportOf(const storage::VerifyReport& report) {
    Napi::Object out = Napi::Object::New(Env());
    out.Set("problems", findingsOf(report.problems));
    out.Set("notes", findingsOf(report.notes));
    out.Set("objects", static_cast<double>(report.objects));
    out.Set("objectBytes", static_cast<double>(report.objectBytes));
    out.Set("segments", static_cast<double>(report.segments));
    out.Set("logBytes", static_cast<double>(report.logBytes));
    out.Set("commits", static_cast<double>(report.commits));
    return out;
  }

  const std::string dataDir_;
  const Napi::Promise::Deferred deferred_;
  Result<storage::VerifyReport> found_ = Status(Code::kUnavailable, "not run");
};

}  // namespace

Napi::Value verify(const Napi::CallbackInfo& info) {
  auto* worker = new VerifyWorker(info.Env(), toUtf8(info[0]));
  const Napi::Promise promise = worker->promise();
  worker->Queue();
  return promise;
}

}  // namespace holdfast::node
