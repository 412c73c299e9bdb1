// The allow lists of names in user SQL: functions, virtual table modules, pragmas (spec S4.8, S4.9,
// S4.12).
//
// Pure; any thread. Names compare without regard to ASCII case.
#pragma once

#include <optional>
#include <string_view>

namespace holdfast::storage {

bool equalsIgnoringCase(std::string_view a, std::string_view b);
// `_cf_...`: ours, hidden from user SQL (S4.8.2).
bool isReservedName(std::string_view name);
bool isAllowedFunction(std::string_view name);
// Whether one that is allowed may give something else when the same statement runs again over the
// same rows: by chance, by the time, or by what the connection did in between.
bool isVaryingFunction(std::string_view name);
bool isAllowedModule(std::string_view name);
// `argument`: nullopt when the pragma has none.
bool isAllowedPragma(std::string_view name, std::optional<std::string_view> argument);
// Whether one that is allowed changes a setting of the connection, and does not only tell
// something.
bool isSettingPragma(std::string_view name, std::optional<std::string_view> argument);

}  // namespace holdfast::storage
