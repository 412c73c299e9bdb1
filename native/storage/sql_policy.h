// SqlPolicy: what user SQL may do, asked by SQLite while it compiles a statement (spec S4.8).
//
// Everything is denied that is not on a list. Our own statements pass: the policy looks only while
// a Scope is alive, which covers compiling and stepping a user's statement (a schema change makes
// SQLite compile it again inside a step). As a by-product it gathers the facts about the statement
// that running it needs. Thread: the connection's. Owner: the connection, which it must
// outlive.
#pragma once

#include <optional>
#include <string>
#include <string_view>

struct sqlite3;

namespace holdfast::storage {

struct StatementFacts {
  bool altersTable = false;
  bool isPragma = false;
  bool changesSettings = false;  // of the connection
  bool varies = false;           // run again over the same rows, it may give others
};

class SqlPolicy {
 public:
  // Installs itself as the connection's authorizer.
  void install(sqlite3* db);

  // User SQL is compiled or stepped while it lives. `facts` may be null.
  class Scope {
   public:
    Scope(SqlPolicy& policy, StatementFacts* facts) : policy_(policy) {
      policy.watching_ = true;
      policy.facts_ = facts;
      policy.transactionRefused_ = false;
    }
    ~Scope() {
      policy_.watching_ = false;
      policy_.facts_ = nullptr;
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    SqlPolicy& policy_;
  };

  // The statement was BEGIN, COMMIT, SAVEPOINT... (S4.7.1). Of the latest Scope.
  [[nodiscard]] bool transactionRefused() const { return transactionRefused_; }

  // SQLite's action codes and arguments; SQLITE_OK or SQLITE_DENY.
  int authorize(int action, const char* first, const char* second, const char* database);

 private:
  int pragma(std::string_view name, std::optional<std::string_view> argument);

  bool watching_ = false;
  bool transactionRefused_ = false;
  StatementFacts* facts_ = nullptr;
};

// `ALTER TABLE x RENAME TO _cf_y` (S4.8.2): SQLite tells its authorizer only the old name.
bool renamesToReservedName(std::string_view sql);

}  // namespace holdfast::storage
