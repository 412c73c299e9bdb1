#include "storage/hidden_table.h"

namespace holdfast::storage {

Result<bool> HiddenTable::exists(ObjectSession& session) {
  Result<bool> open = session.openExisting();
  if (!open.ok() || !open.value()) return open;
  if (epoch_ == session.epoch()) return exists_;
  if (const OwnSchema* schema = session.schema()) {
    exists_ = schema->*has_;
  } else {
    Statement probe;
    const int code = session.connection().prepare(probe_, probe);
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_ERROR) return session.failed(code);
    exists_ = code == SQLITE_OK;
  }
  epoch_ = session.epoch();
  return exists_;
}

Status HiddenTable::ensure(ObjectSession& session) {
  Status begun = session.begin(image_);
  if (!begun.ok()) return begun;
  if (epoch_ == session.epoch() && exists_) return {};
  const OwnSchema* schema = session.schema();
  if (schema == nullptr || !(schema->*has_)) {
    const int code = session.connection().run(create_);
    if (code != SQLITE_OK) return session.failed(code);
  }
  exists_ = true;
  epoch_ = session.epoch();
  return {};
}

}  // namespace holdfast::storage
