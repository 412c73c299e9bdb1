#include "storage/sqlite_memory.h"

#include <sqlite3.h>

#include "sys/slab_memory.h"

namespace holdfast::storage {
namespace {

using sys::SlabMemory;

void* allocate(int bytes) { return SlabMemory::shared().allocate(static_cast<size_t>(bytes)); }
void release(void* block) { SlabMemory::shared().free(block); }
void* resize(void* block, int bytes) {
  return SlabMemory::shared().reallocate(block, static_cast<size_t>(bytes));
}
int sizeOf(void* block) {
  return block == nullptr ? 0 : static_cast<int>(SlabMemory::shared().sizeOf(block));
}
int roundUp(int bytes) { return static_cast<int>(SlabMemory::roundUp(static_cast<size_t>(bytes))); }
int begin(void* /*data*/) { return SQLITE_OK; }
void end(void* /*data*/) {}

}  // namespace

int useSlabMemory() {
  if (sys::kIsSanitized) return SQLITE_OK;
  const sqlite3_mem_methods methods = {allocate, release, resize, sizeOf,
                                       roundUp,  begin,   end,    nullptr};
  return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods);
}

}  // namespace holdfast::storage
