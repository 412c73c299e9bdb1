// Options: the client's command line. `usage()` explains each.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace holdfast::bench {

enum class Mode : uint8_t { kHttp, kEcho, kBroadcast, kConnect, kWake, kIdle };

struct Options {
  Mode mode = Mode::kHttp;
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  uint32_t connections = 64;
  double secondsWarmUp = 0;
  double seconds = 3;
  uint64_t requests = 0;  // 0: by time
  std::string method = "GET";
  std::string path = "/";
  std::string body;
  std::string expect;   // HTTP: a part of each body. Sockets: the whole answer, empty: an echo
  std::string message;  // sockets: what is sent; empty: `messageBytes` letters
  uint32_t messageBytes = 32;  // sockets
  uint32_t active = 0;         // echo: so many of the connections speak, 0: all
  uint32_t window = 1;         // sockets: messages sent ahead of their answers
  std::vector<int> watch;      // processes whose CPU time is taken around the measured window
};

const char* usage();

// Empty when all is well, else what is wrong.
std::string parseOptions(const std::vector<std::string>& arguments, Options* options);

}  // namespace holdfast::bench
