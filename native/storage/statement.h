// Statement: one compiled SQLite statement, finalised by its destructor. Internal to storage.
//
// Thread: its connection's. Owner: one; must go before its connection.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string_view>

namespace holdfast::storage {

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

// Resets on the way out, so that no early return leaves a read transaction or a borrowed binding
// behind.
class ResetOnExit {
 public:
  explicit ResetOnExit(sqlite3_stmt* statement) : statement_(statement) {}
  ~ResetOnExit() { sqlite3_reset(statement_); }
  ResetOnExit(const ResetOnExit&) = delete;
  ResetOnExit& operator=(const ResetOnExit&) = delete;

 private:
  sqlite3_stmt* statement_;
};

// SQLite binds NULL for a null pointer; an empty view may have one.
inline const char* notNull(std::string_view bytes) { return bytes.empty() ? "" : bytes.data(); }

// The bytes must outlive the binding.
inline void bindText(sqlite3_stmt* statement, int index, std::string_view text) {
  sqlite3_bind_text64(statement, index, notNull(text), text.size(), SQLITE_STATIC, SQLITE_UTF8);
}
inline void bindBlob(sqlite3_stmt* statement, int index, std::string_view bytes) {
  sqlite3_bind_blob64(statement, index, notNull(bytes), bytes.size(), SQLITE_STATIC);
}

// Valid until the statement moves.
inline std::string_view columnBytes(sqlite3_stmt* statement, int index) {
  const void* bytes = sqlite3_column_blob(statement, index);
  return {static_cast<const char*>(bytes),
          bytes == nullptr ? 0 : static_cast<size_t>(sqlite3_column_bytes(statement, index))};
}

}  // namespace holdfast::storage
