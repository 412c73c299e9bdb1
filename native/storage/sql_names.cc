#include "storage/sql_names.h"

#include <algorithm>
#include <iterator>

#include "base/ascii.h"

namespace holdfast::storage {
namespace {

template <size_t N>
bool contains(const std::string_view (&names)[N], std::string_view name) {
  return std::any_of(std::begin(names), std::end(names), [name](std::string_view candidate) {
    return equalsIgnoringCase(candidate, name);
  });
}

constexpr std::string_view kFunctions[] = {
    // core (S4.12.1)
    "abs", "changes", "char", "coalesce", "concat", "concat_ws", "format", "glob", "hex", "ifnull",
    "iif", "instr", "last_insert_rowid", "length", "like", "likelihood", "likely", "load_extension",
    "lower", "ltrim", "max", "min", "nullif", "octet_length", "printf", "quote", "random",
    "randomblob", "replace", "round", "rtrim", "sign", "soundex", "substr", "substring",
    "total_changes", "trim", "typeof", "unhex", "unicode", "unlikely", "upper", "zeroblob",
    // date (S4.12.2)
    "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff", "current_date",
    "current_time", "current_timestamp",
    // aggregate and window (S4.12.3)
    "avg", "count", "group_concat", "string_agg", "sum", "total", "row_number", "rank",
    "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value",
    "nth_value",
    // math (S4.12.4)
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "cos", "cosh", "degrees",
    "exp", "floor", "ln", "log", "log2", "mod", "pi", "pow", "radians", "sin", "sinh", "sqrt",
    "tan", "tanh", "trunc",
    // JSON (S4.12.5)
    "json", "jsonb", "json_array", "jsonb_array", "json_array_length", "json_extract",
    "jsonb_extract", "->", "->>", "json_insert", "jsonb_insert", "json_object", "jsonb_object",
    "json_patch", "jsonb_patch", "json_remove", "jsonb_remove", "json_replace", "jsonb_replace",
    "json_set", "jsonb_set", "json_type", "json_valid", "json_quote", "json_group_array",
    "jsonb_group_array", "json_group_object", "jsonb_group_object", "json_each", "json_tree",
    // FTS5, R*Tree, and what ALTER TABLE calls on itself (S4.12.6)
    "match", "highlight", "bm25", "snippet", "rtreecheck", "sqlite_rename_column",
    "sqlite_rename_table", "sqlite_rename_test", "sqlite_drop_column", "sqlite_rename_quotefix"};

constexpr std::string_view kVarying[] = {
    "changes",  "last_insert_rowid", "total_changes", "load_extension",
    "random",   "randomblob",        "date",          "time",
    "datetime", "julianday",         "unixepoch",     "strftime",
    "timediff", "current_date",      "current_time",  "current_timestamp"};

constexpr std::string_view kModules[] = {"fts5", "fts5vocab", "rtree", "rtree_i32"};

enum class Argument { kAny, kName, kOptionalName, kNumberOrName, kOptionalNumber, kNone, kBoolean };

struct PragmaRule {
  std::string_view name;
  Argument argument;
};

constexpr PragmaRule kPragmas[] = {{"table_list", Argument::kAny},
                                   {"table_info", Argument::kName},
                                   {"table_xinfo", Argument::kName},
                                   {"foreign_key_list", Argument::kName},
                                   {"index_info", Argument::kName},
                                   {"index_list", Argument::kName},
                                   {"index_xinfo", Argument::kName},
                                   {"foreign_key_check", Argument::kOptionalName},
                                   {"quick_check", Argument::kNumberOrName},
                                   {"optimize", Argument::kOptionalNumber},
                                   {"data_version", Argument::kNone},
                                   {"page_size", Argument::kNone},
                                   {"case_sensitive_like", Argument::kBoolean},
                                   {"foreign_keys", Argument::kBoolean},
                                   {"defer_foreign_keys", Argument::kBoolean},
                                   {"ignore_check_constraints", Argument::kBoolean},
                                   {"legacy_alter_table", Argument::kBoolean},
                                   {"recursive_triggers", Argument::kBoolean},
                                   {"reverse_unordered_selects", Argument::kBoolean}};

bool isInteger(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  if (text.size() > 2 && text[0] == '0' && lower(text[1]) == 'x') {
    text.remove_prefix(2);
    return std::all_of(text.begin(), text.end(), [](char c) {
      return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
    });
  }
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isBoolean(std::string_view text) {
  if (text.size() >= 2 && text.front() == text.back() &&
      (text.front() == '"' || text.front() == '\'')) {
    text = text.substr(1, text.size() - 2);
  }
  static constexpr std::string_view kWords[] = {"true", "false", "yes", "no",
                                                "on",   "off",   "1",   "0"};
  return contains(kWords, text);
}

bool argumentAllowed(Argument rule, std::optional<std::string_view> argument) {
  switch (rule) {
    case Argument::kAny:
      return true;
    case Argument::kName:
      return argument && !isReservedName(*argument);
    case Argument::kOptionalName:
    case Argument::kNumberOrName:  // a number is never a reserved name
      return !argument || !isReservedName(*argument);
    case Argument::kOptionalNumber:
      return !argument || isInteger(*argument);
    case Argument::kNone:
      return !argument;
    case Argument::kBoolean:
      return !argument || isBoolean(*argument);
  }
  return false;
}

}  // namespace

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [](char x, char y) { return lower(x) == lower(y); });
}

bool isReservedName(std::string_view name) { return equalsIgnoringCase(name.substr(0, 4), "_cf_"); }

bool isAllowedFunction(std::string_view name) { return contains(kFunctions, name); }

bool isVaryingFunction(std::string_view name) { return contains(kVarying, name); }

bool isAllowedModule(std::string_view name) { return contains(kModules, name); }

bool isSettingPragma(std::string_view name, std::optional<std::string_view> argument) {
  return argument &&
         std::any_of(std::begin(kPragmas), std::end(kPragmas), [name](const auto& rule) {
           return rule.argument == Argument::kBoolean && equalsIgnoringCase(rule.name, name);
         });
}

bool isAllowedPragma(std::string_view name, std::optional<std::string_view> argument) {
  for (const PragmaRule& rule : kPragmas) {
    if (equalsIgnoringCase(rule.name, name)) return argumentAllowed(rule.argument, argument);
  }
  return false;
}

}  // namespace holdfast::storage
