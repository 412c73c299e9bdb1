#include "options.h"

#include <charconv>
#include <functional>
#include <map>

namespace holdfast::bench {
namespace {

constexpr uint32_t kConnectionsMax = 60'000;
constexpr uint32_t kWindowMax = 4'096;
constexpr uint32_t kMessageBytesMax = 1U << 20U;
constexpr double kSecondsMax = 3'600;

template <typename T>
bool readNumber(const std::string& text, T min, T max, T* out) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return false;
  if (!(value >= min && value <= max)) return false;
  *out = value;
  return true;
}

bool readMode(const std::string& text, Mode* mode) {
  static const std::map<std::string, Mode> kModes = {
      {"http", Mode::kHttp},       {"echo", Mode::kEcho}, {"broadcast", Mode::kBroadcast},
      {"connect", Mode::kConnect}, {"wake", Mode::kWake}, {"idle", Mode::kIdle}};
  const auto found = kModes.find(text);
  if (found == kModes.end()) return false;
  *mode = found->second;
  return true;
}

using Setter = std::function<bool(const std::string&)>;

std::map<std::string, Setter> settersOf(Options* options) {
  const auto text = [](std::string* out) {
    return Setter([out](const std::string& value) { return *out = value, true; });
  };
  const auto count = [](uint32_t min, uint32_t max, uint32_t* out) {
    return Setter([=](const std::string& value) { return readNumber(value, min, max, out); });
  };
  const auto seconds = [](double* out) {
    return Setter(
        [=](const std::string& value) { return readNumber(value, 0.0, kSecondsMax, out); });
  };
  return {
      {"--address", text(&options->address)},
      {"--port",
       [=](const std::string& value) {
         return readNumber<uint16_t>(value, 1, 65'535, &options->port);
       }},
      {"--connections", count(1, kConnectionsMax, &options->connections)},
      {"--warm-up", seconds(&options->secondsWarmUp)},
      {"--seconds", seconds(&options->seconds)},
      {"--requests",
       [=](const std::string& value) {
         return readNumber<uint64_t>(value, 1, 1ULL << 40U, &options->requests);
       }},
      {"--method", text(&options->method)},
      {"--path", text(&options->path)},
      {"--body", text(&options->body)},
      {"--expect", text(&options->expect)},
      {"--message", text(&options->message)},
      {"--message-bytes", count(1, kMessageBytesMax, &options->messageBytes)},
      {"--active", count(1, kConnectionsMax, &options->active)},
      {"--window", count(1, kWindowMax, &options->window)},
      {"--watch",
       [=](const std::string& value) {
         int pid = 0;
         if (!readNumber(value, 1, 1 << 30, &pid)) return false;
         options->watch.push_back(pid);
         return true;
       }},
  };
}

}  // namespace

const char* usage() {
  return R"(usage: holdfast-bench-client MODE --port N [options]
modes
  http       keep-alive requests, one at a time on each connection
  echo       each socket sends a message and waits for its answer
  broadcast  all sockets are in one room; the first one sends; deliveries are counted
  connect    opens --requests sockets, --connections at a time, and holds them until the end
  wake       opens sockets, is quiet for the warm-up, then sends one message on each, one after another
  idle       opens sockets, prints a line, holds them until standard input ends
options
  --address ADDR      127.0.0.1
  --connections N     64
  --warm-up SECONDS   0; not measured
  --seconds SECONDS   3
  --requests N        measure N operations instead of a time (no warm-up)
  --method M --body TEXT
  --path PATH         {A..B} takes the numbers in turn, {n} counts without end
  --expect TEXT       http: each body contains it. echo: each answer is it (default: the message)
  --message TEXT | --message-bytes N    what sockets send (32 letters)
  --active N          echo: only so many of the connections send (all)
  --window N          1; messages sent ahead of their answers
  --watch PID         repeatable; CPU time of these processes in the measured window
)";
}

std::string parseOptions(const std::vector<std::string>& arguments, Options* options) {
  if (arguments.empty() || !readMode(arguments[0], &options->mode)) return "MODE is missing";
  const std::map<std::string, Setter> setters = settersOf(options);
  for (size_t i = 1; i < arguments.size(); i += 2) {
    const auto setter = setters.find(arguments[i]);
    if (setter == setters.end()) return "unknown option " + arguments[i];
    if (i + 1 == arguments.size()) return arguments[i] + " needs a value";
    if (!setter->second(arguments[i + 1]))
      return arguments[i] + " cannot be '" + arguments[i + 1] + "'";
  }
  if (options->port == 0) return "--port is missing";
  if (options->mode == Mode::kWake) options->requests = options->connections;
  if (options->mode == Mode::kConnect && options->requests == 0) return "--requests is missing";
  return "";
}

}  // namespace holdfast::bench
