#include "storage/sql_policy.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace holdfast::storage {
namespace {

TEST(SqlPolicyTest, OurOwnStatementsPass) {
  SqlPolicy policy;
  EXPECT_EQ(policy.authorize(SQLITE_READ, "_cf_KV", "key", "main"), SQLITE_OK);
  StatementFacts facts;
  {
    const SqlPolicy::Scope scope(policy, &facts);
    EXPECT_EQ(policy.authorize(SQLITE_READ, "_cf_KV", "key", "main"), SQLITE_DENY);
  }
  EXPECT_EQ(policy.authorize(SQLITE_READ, "_cf_KV", "key", "main"), SQLITE_OK);
}

TEST(SqlPolicyTest, S4_8_4_OtherDatabasesAndUnknownActionsAreDenied) {
  SqlPolicy policy;
  const SqlPolicy::Scope scope(policy, nullptr);
  EXPECT_EQ(policy.authorize(SQLITE_READ, "t", "x", "other"), SQLITE_DENY);
  EXPECT_EQ(policy.authorize(SQLITE_INSERT, "sqlite_temp_master", nullptr, "temp"), SQLITE_DENY);
  EXPECT_EQ(policy.authorize(SQLITE_READ, "sqlite_temp_master", "name", "temp"), SQLITE_OK);
  EXPECT_EQ(policy.authorize(SQLITE_ATTACH, "x", nullptr, nullptr), SQLITE_DENY);
  EXPECT_EQ(policy.authorize(999, nullptr, nullptr, nullptr), SQLITE_DENY);
}

TEST(SqlPolicyTest, S4_7_1_RemembersThatATransactionStatementWasRefused) {
  SqlPolicy policy;
  {
    const SqlPolicy::Scope scope(policy, nullptr);
    EXPECT_EQ(policy.authorize(SQLITE_SAVEPOINT, "BEGIN", "a", nullptr), SQLITE_DENY);
  }
  EXPECT_TRUE(policy.transactionRefused());
  const SqlPolicy::Scope next(policy, nullptr);
  EXPECT_FALSE(policy.transactionRefused());
}

TEST(SqlPolicyTest, GathersFacts) {
  SqlPolicy policy;
  StatementFacts facts;
  const SqlPolicy::Scope scope(policy, &facts);
  policy.authorize(SQLITE_FUNCTION, nullptr, "abs", nullptr);
  EXPECT_FALSE(facts.varies || facts.altersTable || facts.isPragma || facts.changesSettings);
  policy.authorize(SQLITE_FUNCTION, nullptr, "random", nullptr);
  EXPECT_TRUE(facts.varies);
  policy.authorize(SQLITE_ALTER_TABLE, "main", "t", nullptr);
  EXPECT_TRUE(facts.altersTable);
  policy.authorize(SQLITE_PRAGMA, "foreign_keys", "0", "main");
  EXPECT_TRUE(facts.isPragma && facts.changesSettings);
}

TEST(SqlPolicyTest, S4_8_2_RenamesIntoHiddenNames) {
  EXPECT_TRUE(renamesToReservedName("ALTER TABLE t RENAME TO _cf_t"));
  EXPECT_TRUE(renamesToReservedName("alter table t rename\n to \"_CF_t\";"));
  for (const char* to :
       {"/**/_cf_t", "/* to */ _cf_t", "-- x\n_cf_t", "\v_cf_t", "\xef\xbb\xbf_cf_t", "[_cf_t]",
        "`_cf_t`", "'_cf_t'", "\"_cf_ t\"", "/*-*/--\n\t_cf_t;"}) {
    EXPECT_TRUE(renamesToReservedName(std::string("ALTER TABLE t RENAME TO ") + to)) << to;
    EXPECT_TRUE(renamesToReservedName(std::string("ALTER TABLE t RENAME/**/TO ") + to)) << to;
  }
  EXPECT_FALSE(renamesToReservedName("ALTER TABLE t RENAME TO x"));
  EXPECT_FALSE(renamesToReservedName("ALTER TABLE t RENAME TO"));
  EXPECT_FALSE(renamesToReservedName("ALTER TABLE t RENAME TO \""));
  EXPECT_FALSE(renamesToReservedName("ALTER TABLE t RENAME TO x /* RENAME TO _cf_x"));
  EXPECT_FALSE(renamesToReservedName("ALTER TABLE t ADD COLUMN x DEFAULT '_cf_'"));
}

}  // namespace
}  // namespace holdfast::storage
