#include "storage/sql_names.h"

#include <gtest/gtest.h>

namespace holdfast::storage {
namespace {

TEST(SqlNamesTest, S4_8_2_ReservedNames) {
  EXPECT_TRUE(isReservedName("_cf_KV"));
  EXPECT_TRUE(isReservedName("_CF_x"));
  EXPECT_FALSE(isReservedName("_cf"));
  EXPECT_FALSE(isReservedName("x_cf_"));
  EXPECT_FALSE(isReservedName(""));
}

TEST(SqlNamesTest, S4_9_PragmaArguments) {
  EXPECT_TRUE(isAllowedPragma("table_list", std::nullopt));
  EXPECT_TRUE(isAllowedPragma("TABLE_INFO", "t"));
  EXPECT_FALSE(isAllowedPragma("table_info", std::nullopt));
  EXPECT_FALSE(isAllowedPragma("table_info", "_cf_KV"));
  EXPECT_TRUE(isAllowedPragma("foreign_key_check", std::nullopt));
  EXPECT_FALSE(isAllowedPragma("foreign_key_check", "_cf_KV"));
  EXPECT_TRUE(isAllowedPragma("quick_check", "3"));
  EXPECT_TRUE(isAllowedPragma("quick_check", "t"));
  EXPECT_FALSE(isAllowedPragma("quick_check", "_cf_KV"));
  EXPECT_TRUE(isAllowedPragma("optimize", "0x10002"));
  EXPECT_TRUE(isAllowedPragma("optimize", "-1"));
  EXPECT_FALSE(isAllowedPragma("optimize", "t"));
  EXPECT_TRUE(isAllowedPragma("data_version", std::nullopt));
  EXPECT_FALSE(isAllowedPragma("data_version", "1"));
  for (const char* word :
       {"true", "FALSE", "yes", "no", "on", "off", "1", "0", "'on'", "\"off\""}) {
    EXPECT_TRUE(isAllowedPragma("foreign_keys", word)) << word;
  }
  EXPECT_FALSE(isAllowedPragma("foreign_keys", "maybe"));
  for (const char* name : {"journal_mode", "user_version", "function_list", "integrity_check",
                           "wal_checkpoint", "cache_size", "writable_schema"}) {
    EXPECT_FALSE(isAllowedPragma(name, std::nullopt)) << name;
  }
}

TEST(SqlNamesTest, S4_12_7_FunctionsThatAreAbsent) {
  for (const char* name : {"log10", "ceiling", "power", "sqlite_version", "sqlite_source_id",
                           "sqlite_offset", "json_pretty", "unistr", "median", "if", "fts5"}) {
    EXPECT_FALSE(isAllowedFunction(name)) << name;
  }
  for (const char* name : {"abs", "COUNT", "json_extract", "->>", "current_timestamp", "bm25"}) {
    EXPECT_TRUE(isAllowedFunction(name)) << name;
  }
}

TEST(SqlNamesTest, FunctionsThatGiveSomethingElseTheNextTime) {
  for (const char* name : {"random", "RANDOMBLOB", "datetime", "current_timestamp", "changes"}) {
    EXPECT_TRUE(isVaryingFunction(name)) << name;
  }
  for (const char* name : {"abs", "count", "json_extract", "bm25"}) {
    EXPECT_FALSE(isVaryingFunction(name)) << name;
  }
}

TEST(SqlNamesTest, S4_8_5_Modules) {
  EXPECT_TRUE(isAllowedModule("FTS5"));
  EXPECT_TRUE(isAllowedModule("rtree_i32"));
  EXPECT_FALSE(isAllowedModule("dbstat"));
}

}  // namespace
}  // namespace holdfast::storage
