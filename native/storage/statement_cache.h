// StatementCache: compiled statements by their SQL text, least recently used out first (spec
// S4.2.7).
//
// Contract: take() lends the statement of a text to one user at a time; while it is lent, the same
// text is compiled anew as a one-off. The texts kept are at most 1 MiB together. Internal to
// storage. Thread: the connection's. Owner: the Database; every lease ends before it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/sql_policy.h"
#include "storage/statement.h"

namespace holdfast::storage {

// A statement with what is known about it.
struct CompiledStatement {
  Statement statement;
  StatementFacts facts;
  std::shared_ptr<const std::vector<std::string>> columnNames;  // of the last compilation
  uint64_t shape = 0;  // a number for them (SqlCursor::shape)
  bool lent = false;   // the cache's, as the next two
  std::string_view text;
  uint64_t knownShape = 0;  // that takeShape() finds it by
  int compilations = -1;    // SQLITE_STMTSTATUS_REPREPARE when the names were taken
};

class StatementCache {
 public:
  explicit StatementCache(size_t textBytesMax) : textBytesMax_(textBytesMax) {}

  class Lease {
   public:
    Lease() = default;
    Lease(StatementCache* cache, CompiledStatement* compiled)
        : cache_(cache), compiled_(compiled) {}
    explicit Lease(std::unique_ptr<CompiledStatement> oneOff)
        : oneOff_(std::move(oneOff)), compiled_(oneOff_.get()) {}
    ~Lease() { end(); }
    Lease(Lease&& other) noexcept { *this = std::move(other); }
    Lease& operator=(Lease&& other) noexcept;

    explicit operator bool() const { return compiled_ != nullptr; }
    CompiledStatement* operator->() const { return compiled_; }
    [[nodiscard]] CompiledStatement& compiled() const { return *compiled_; }
    [[nodiscard]] sqlite3_stmt* statement() const { return compiled_->statement.get(); }
    // Resets the statement, drops its bindings and gives it back.
    void end();

   private:
    StatementCache* cache_ = nullptr;
    std::unique_ptr<CompiledStatement> oneOff_;
    CompiledStatement* compiled_ = nullptr;
  };

  // Empty when the text is not here or is lent.
  Lease take(std::string_view sql);
  // The same by the shape of its rows, once it has run; cheaper than by its text.
  Lease takeShape(uint64_t shape);
  // Keeps `compiled` (when the text is not here yet) and lends it.
  Lease keep(std::string_view sql, std::unique_ptr<CompiledStatement> compiled);
  // No lease may be alive.
  void clear();
  [[nodiscard]] size_t textBytes() const { return textBytes_; }

 private:
  struct Entry {
    std::string sql;
    std::unique_ptr<CompiledStatement> compiled;
  };
  using Entries = std::list<Entry>;

  Lease lend(Entries::iterator entry);
  void noteShape(CompiledStatement& compiled);
  void shrink();

  const size_t textBytesMax_;
  size_t textBytes_ = 0;
  Entries entries_;  // newest first
  std::unordered_map<std::string_view, Entries::iterator> byText_;
  std::unordered_map<uint64_t, Entries::iterator> byShape_;
};

}  // namespace holdfast::storage
