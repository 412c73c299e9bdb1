#include "storage/facet_indexes.h"

#include <memory>
#include <utility>

#include "storage/data_paths.h"

namespace holdfast::storage {
namespace {

// Beyond, they are flushed once more when they are asked for again.
constexpr size_t kDurableMax = 100'000;

}  // namespace

std::string FacetIndexes::directoryOf(const ObjectName& object) const {
  return namespaceDirectory(dataDir_, object.uniqueKey);
}

std::string FacetIndexes::pathOf(const ObjectName& object) const {
  return facetIndexPath(directoryOf(object), object.idHex);
}

Result<FacetIndex> FacetIndexes::read(const ObjectName& object) {
  if (isMemory()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = memory_.find({object.uniqueKey, object.idHex});
    return FacetIndex::parse(found == memory_.end() ? std::string_view() : found->second);
  }
  const Result<std::optional<std::string>> bytes = files_.readFile(pathOf(object));
  if (!bytes.ok()) return bytes.status();
  Result<FacetIndex> index = FacetIndex::parse(bytes.value().value_or(std::string()));
  if (index.ok()) return index;
  return Status(index.status().code(), pathOf(object) + " " + index.status().message());
}

Result<std::optional<FacetNumber>> FacetIndexes::find(const ObjectName& object, FacetNumber parent,
                                                      std::string_view name) {
  const Result<FacetIndex> index = read(object);
  if (!index.ok()) return index.status();
  return index.value().find(parent, name);
}

Result<std::vector<FacetNumber>> FacetIndexes::descendants(const ObjectName& object,
                                                           FacetNumber parent) {
  const Result<FacetIndex> index = read(object);
  if (!index.ok()) return index.status();
  return index.value().descendants(parent);
}

Result<std::vector<FacetIndexes::Copy>> FacetIndexes::numbersForCopy(const ObjectName& object,
                                                                     FacetNumber parent,
                                                                     std::string_view from,
                                                                     std::string_view to) {
  // As it was before: none of the copies is copied.
  const Result<FacetIndex> index = read(object);
  if (!index.ok()) return index.status();
  std::vector<Copy> copies;
  const std::optional<FacetNumber> source = index.value().find(parent, from);
  if (!source) return copies;
  const Result<FacetNumber> target = numberOf(object, parent, to);
  if (!target.ok()) return target.status();
  copies.push_back({*source, target.value()});
  for (size_t i = 0; i < copies.size(); ++i) {
    const Copy above = copies[i];
    for (const FacetIndex::Child& child : index.value().children(above.from)) {
      const Result<FacetNumber> number = numberOf(object, above.to, child.name);
      if (!number.ok()) return number.status();
      copies.push_back({child.number, number.value()});
    }
  }
  return copies;
}

Result<FacetNumber> FacetIndexes::numberOf(const ObjectName& object, FacetNumber parent,
                                           std::string_view name) {
  Status named = checkObjectName(object);
  if (!named.ok()) return named;
  const std::lock_guard<std::mutex> numbering(numbering_);
  if (closed_) return Status(Code::kUnavailable, "The runtime is closed.");
  const Key key(object.uniqueKey, object.idHex);
  const auto broken = broken_.find(key);
  if (broken != broken_.end()) return broken->second;
  const Result<FacetIndex> index = read(object);
  if (!index.ok()) return index.status();
  const std::optional<FacetNumber> known = index.value().find(parent, name);
  Status status;
  if (known) {
    status = makeDurable(object);
    if (status.ok()) return *known;
  } else {
    const Result<std::string> entry = index.value().entryOf(parent, name);
    if (!entry.ok()) return entry.status();
    status = append(object, index.value(), entry.value());
    if (status.ok()) return static_cast<FacetNumber>(index.value().size() + 1);
  }
  broken_[key] = status;
  return status;
}

// A process that was killed may have left an entry that was never flushed.
Status FacetIndexes::makeDurable(const ObjectName& object) {
  if (durability_ != Durability::kFlush) return {};
  const Key key(object.uniqueKey, object.idHex);
  if (durable_.contains(key)) return {};
  Status status = files_.syncFile(pathOf(object));
  if (status.ok()) status = files_.syncDirectory(directoryOf(object));
  if (!status.ok()) return status;
  if (durable_.size() >= kDurableMax) durable_.clear();
  durable_.insert(key);
  return {};
}

Status FacetIndexes::append(const ObjectName& object, const FacetIndex& index,
                            std::string_view entry) {
  if (isMemory()) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::string& bytes = memory_[{object.uniqueKey, object.idHex}];
    if (bytes.empty()) bytes = FacetIndex::beginning();
    bytes.append(entry);
    return {};
  }
  // The object itself may have no file yet, nor its namespace a directory.
  Status status = sys::createDirectoriesDurably(files_, directoryOf(object));
  if (!status.ok()) return status;
  const Result<std::unique_ptr<sys::File>> opened =
      files_.open(pathOf(object), sys::OpenMode::kCreate);
  if (!opened.ok()) return opened.status();
  sys::File& file = *opened.value();
  const Result<uint64_t> size = file.size();
  if (!size.ok()) return size.status();
  if (size.value() > index.wholeBytes()) status = file.truncate(index.wholeBytes());
  uint64_t at = index.wholeBytes();
  if (status.ok() && at == 0) {
    const std::string beginning = FacetIndex::beginning();
    at = beginning.size();
    status = file.write(0, beginning);
    if (status.ok()) status = makeDurable(object);
  }
  if (status.ok()) status = file.write(at, entry);
  if (!status.ok() || durability_ != Durability::kFlush) return status;
  const bool isNamed = durable_.contains({object.uniqueKey, object.idHex});
  return isNamed ? file.sync() : makeDurable(object);
}

FacetIndexes::Memory FacetIndexes::memory() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return memory_;
}

void FacetIndexes::setMemory(Memory memory) {
  const std::lock_guard<std::mutex> numbering(numbering_);
  const std::lock_guard<std::mutex> lock(mutex_);
  memory_ = std::move(memory);
}

void FacetIndexes::close() {
  const std::lock_guard<std::mutex> numbering(numbering_);
  closed_ = true;
}

}  // namespace holdfast::storage
