#include "node/bindings_verify.h"

#include <string>
#include <vector>

#include "node/pool_work.h"
#include "storage/verify.h"

namespace holdfast::node {
namespace {

Napi::Value findingsOf(Napi::Env env, const std::vector<storage::VerifyFinding>& findings) {
  Napi::Array out = Napi::Array::New(env, findings.size());
  for (uint32_t i = 0; i < findings.size(); ++i) {
    Napi::Object finding = Napi::Object::New(env);
    finding.Set("path", findings[i].path);
    finding.Set("what", findings[i].what);
    out.Set(i, finding);
  }
  return out;
}
Napi::Value reportOf(Napi::Env env, const storage::VerifyReport& report) {
  Napi::Object out = Napi::Object::New(env);
  out.Set("problems", findingsOf(env, report.problems));
  out.Set("notes", findingsOf(env, report.notes));
  out.Set("objects", static_cast<double>(report.objects));
  out.Set("objectBytes", static_cast<double>(report.objectBytes));
  out.Set("segments", static_cast<double>(report.segments));
  out.Set("logBytes", static_cast<double>(report.logBytes));
  out.Set("commits", static_cast<double>(report.commits));
  return out;
}

}  // namespace

Napi::Value verify(const Napi::CallbackInfo& info) {
  return queueOnPool<storage::VerifyReport>(
      info.Env(),
      [dataDir = toUtf8(info[0])] {
        return storage::verifyDataDirectory(sys::systemFileSystem(), dataDir);
      },
      reportOf);
}

}  // namespace holdfast::node
