// trimHeap: the allocator gives back to the system what it holds and nobody uses.
//
// Takes milliseconds for each hundred megabytes; other threads that allocate wait meanwhile.
// Thread: any. Does nothing where the C library has no such call.
#pragma once

namespace holdfast::sys {

void trimHeap();

}  // namespace holdfast::sys
