#include "storage/statement_cache.h"

#include <utility>

namespace holdfast::storage {

StatementCache::Lease& StatementCache::Lease::operator=(Lease&& other) noexcept {
  if (this == &other) return *this;
  end();
  cache_ = std::exchange(other.cache_, nullptr);
  oneOff_ = std::move(other.oneOff_);
  compiled_ = std::exchange(other.compiled_, nullptr);
  return *this;
}

void StatementCache::Lease::end() {
  if (compiled_ == nullptr) return;
  sqlite3_reset(statement());
  if (cache_ != nullptr) {
    sqlite3_clear_bindings(statement());
    compiled_->lent = false;
    if (compiled_->shape != compiled_->knownShape) cache_->noteShape(*compiled_);
  }
  cache_ = nullptr;
  compiled_ = nullptr;
  oneOff_.reset();
}

StatementCache::Lease StatementCache::take(std::string_view sql) {
  const auto found = byText_.find(sql);
  return found == byText_.end() ? Lease() : lend(found->second);
}

StatementCache::Lease StatementCache::takeShape(uint64_t shape) {
  const auto found = byShape_.find(shape);
  return found == byShape_.end() ? Lease() : lend(found->second);
}

StatementCache::Lease StatementCache::lend(Entries::iterator entry) {
  if (entry->compiled->lent) return {};
  entries_.splice(entries_.begin(), entries_, entry);
  entry->compiled->lent = true;
  return {this, entry->compiled.get()};
}

void StatementCache::noteShape(CompiledStatement& compiled) {
  byShape_.erase(compiled.knownShape);
  compiled.knownShape = compiled.shape;
  byShape_[compiled.shape] = byText_.at(compiled.text);
}

StatementCache::Lease StatementCache::keep(std::string_view sql,
                                           std::unique_ptr<CompiledStatement> compiled) {
  if (sql.size() > textBytesMax_ || byText_.contains(sql)) return Lease(std::move(compiled));
  compiled->lent = true;
  entries_.push_front({std::string(sql), std::move(compiled)});
  byText_.emplace(entries_.front().sql, entries_.begin());
  entries_.front().compiled->text = entries_.front().sql;
  textBytes_ += sql.size();
  CompiledStatement* kept = entries_.front().compiled.get();
  shrink();
  return {this, kept};
}

void StatementCache::shrink() {
  auto at = entries_.end();
  while (textBytes_ > textBytesMax_ && at != entries_.begin()) {
    --at;
    if (at->compiled->lent) continue;
    textBytes_ -= at->sql.size();
    byText_.erase(at->sql);
    byShape_.erase(at->compiled->knownShape);
    at = entries_.erase(at);
  }
}

void StatementCache::clear() {
  byText_.clear();
  byShape_.clear();
  entries_.clear();
  textBytes_ = 0;
}

}  // namespace holdfast::storage
