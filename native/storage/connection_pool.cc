#include "storage/connection_pool.h"

#include <string>
#include <utility>

#include "storage/database_image.h"

namespace holdfast::storage {
namespace {

bool isPlain(ObjectFile& file) {
  const std::string& image = kvDatabaseImage();
  if (file.isNewFrom(image)) return true;
  std::string page(kImagePageBytes, '\0');
  if (!file.exists() || file.pageBytes() != page.size()) return false;
  const Result<size_t> got = file.read(0, page.data(), page.size());
  return got.ok() && got.value() == page.size() && hasSchemaOf(image, page);
}

}  // namespace

Result<std::unique_ptr<Connection>> ConnectionPool::open(ObjectFile& file) {
  if (!idle_.empty() && isPlain(file)) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->attach(file) == SQLITE_OK) return connection;
  }
  return openNew(file);
}

Result<std::unique_ptr<Connection>> ConnectionPool::openNew(ObjectFile& file) {
  return Connection::openObject(file, cachePages_);
}

void ConnectionPool::giveBack(std::unique_ptr<Connection> connection, ObjectFile& file) {
  if (idle_.size() >= kIdleMax || connection->isOwn() || !isPlain(file)) return;
  if (connection->detach() == SQLITE_OK) idle_.push_back(std::move(connection));
}

}  // namespace holdfast::storage
