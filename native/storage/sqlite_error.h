// The text and the class of an SQLite error (spec S4.6.1, S4.10.4).
//
// `<message>[ at offset N]: SQLITE_CODE[ (extended: SQLITE_CODE_SUB)]`.
// Pure but for reading the connection's last error; the connection's thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace holdfast::storage {

// "SQLITE_CONSTRAINT" for a primary, "SQLITE_CONSTRAINT_UNIQUE" for an extended code.
std::string_view sqliteCodeName(int code);

// The connection's last error, which has the result code `code`. The offset is given when SQLite
// knows it.
std::string sqliteMessage(sqlite3* db, int code);

// Codes after which the transaction can no longer be trusted: the object must be reset.
bool isCriticalCode(int code);

// The file of one object, or of an index, does not hold what SQLite wrote. For whoever gets it.
std::string damageMessage(const std::string& path, const std::string& why);
// SQLite found the file damaged; not a virtual table whose own tables were written to.
bool isDamageCode(int code);

}  // namespace holdfast::storage
