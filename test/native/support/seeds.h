// Seeds of simulations: where the numbers come from, and how many runs an environment asks for.
//
// HOLDFAST_SEEDS raises the number of seeds of a simulation, HOLDFAST_SEED runs one alone. Thread:
// the caller's.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>

namespace holdfast::testing {

inline uint64_t numberFrom(const char* variable, uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// One sequence of choices; the same seed makes the same ones everywhere.
class Choices {
 public:
  explicit Choices(uint64_t seed) : engine_(seed) {}

  uint64_t any() { return engine_(); }
  uint32_t pick(uint32_t below) { return static_cast<uint32_t>(engine_() % below); }
  bool chance(uint32_t percent) { return pick(100) < percent; }
  uint32_t between(uint32_t least, uint32_t most) { return least + pick(most - least + 1); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace holdfast::testing
