#include "storage/connection_pool.h"

#include <string>
#include <utility>

namespace holdfast::storage {
namespace {

const OwnSchema* schemaOf(ObjectFile& file) {
  for (const OwnSchema& schema : ownSchemas()) {
    if (file.isNewFrom(schema.image)) return &schema;
  }
  std::string page(kImagePageBytes, '\0');
  if (!file.exists() || file.pageBytes() != page.size()) return nullptr;
  const Result<size_t> got = file.read(0, page.data(), page.size());
  return got.ok() && got.value() == page.size() ? ownSchemaOf(page) : nullptr;
}

}  // namespace

ConnectionPool::Idle& ConnectionPool::idleOf(const OwnSchema& schema) {
  return idle_.at(static_cast<size_t>(&schema - ownSchemas().data()));
}

size_t ConnectionPool::idle() const {
  size_t all = 0;
  for (const Idle& idle : idle_) all += idle.size();
  return all;
}

Result<ConnectionPool::Opened> ConnectionPool::open(ObjectFile& file) {
  const OwnSchema* schema = schemaOf(file);
  if (schema != nullptr && !idleOf(*schema).empty()) {
    Idle& idle = idleOf(*schema);
    std::unique_ptr<Connection> connection = std::move(idle.back());
    idle.pop_back();
    if (connection->attach(file) == SQLITE_OK) return Opened{std::move(connection), schema};
  }
  Result<std::unique_ptr<Connection>> connection = openNew(file);
  if (!connection.ok()) return connection.status();
  return Opened{std::move(connection).value(), schema};
}

Result<std::unique_ptr<Connection>> ConnectionPool::openNew(ObjectFile& file) {
  return Connection::openObject(file, cachePages_);
}

void ConnectionPool::giveBack(std::unique_ptr<Connection> connection, ObjectFile& file) {
  const OwnSchema* schema = connection->isOwn() ? nullptr : schemaOf(file);
  if (schema == nullptr) return;
  Idle& idle = idleOf(*schema);
  if (idle.size() < kIdleMax && connection->detach() == SQLITE_OK)
    idle.push_back(std::move(connection));
}

}  // namespace holdfast::storage
