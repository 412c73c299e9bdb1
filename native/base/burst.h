// clearBurst: empties a vector that is filled and emptied over and over, and gives back what an
// unusual burst (ten thousand sockets that close at once) made it take.
//
// Contract: as clear(), so the common batch allocates nothing; above kBurstBytes the memory goes.
// Thread: the owner's of the vector.
#pragma once

#include <cstddef>
#include <vector>

namespace holdfast {

constexpr size_t kBurstBytes = 262'144;

template <typename T>
void clearBurst(std::vector<T>& values) {
  if (values.capacity() * sizeof(T) > kBurstBytes) {
    std::vector<T>().swap(values);
  } else {
    values.clear();
  }
}

}  // namespace holdfast
