// libFuzzer target: FrameParser finds the same events in one piece and cut in two, and holds its
// limit.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "net/frame_parser.h"

namespace {

using holdfast::net::Compression;
using holdfast::net::FrameParser;

constexpr uint64_t kMessageBytesMax = 4'096;
using Events = std::vector<std::pair<FrameParser::Event, std::string>>;

// False after an error.
bool feed(FrameParser& parser, std::string_view input, Events& events) {
  while (!input.empty()) {
    const FrameParser::Event event = parser.next(input);
    if (event == FrameParser::Event::kNeedMore) return true;
    events.emplace_back(event, parser.takePayload());
    DO_CHECK(events.back().second.size() <= kMessageBytesMax);
    if (event == FrameParser::Event::kError) return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t cut = input.empty() ? 0 : data[0] % input.size();
  Events whole;
  FrameParser one(kMessageBytesMax, Compression::kDeflate);
  feed(one, input, whole);
  Events parts;
  FrameParser two(kMessageBytesMax, Compression::kDeflate);
  if (feed(two, input.substr(0, cut), parts)) feed(two, input.substr(cut), parts);
  DO_CHECK(whole == parts, whole.size(), parts.size());
  return 0;
}
