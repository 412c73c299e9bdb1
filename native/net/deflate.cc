#include "net/deflate.h"

#include <algorithm>
#include <boost/beast/websocket/detail/utf8_checker.hpp>
#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/beast/zlib/inflate_stream.hpp>

namespace holdfast::net {
namespace {

namespace zlib = boost::beast::zlib;

constexpr int kLevel = 6;
constexpr int kWindowBits = 15;
constexpr int kMemoryLevel = 8;
constexpr size_t kStepBytesMin = 4'096;
// The end of a sync flush: the sender leaves it out, the receiver puts it back (RFC 7692
// section 7.2).
constexpr std::string_view kFlushTail("\x00\x00\xff\xff", 4);

// In z_params::data_type: the input ended where a block did, not within one.
constexpr int kAfterBlock = 128;

}  // namespace

bool isValidUtf8(std::string_view text) {
  return boost::beast::websocket::detail::check_utf8(text.data(), text.size());
}

class MessageCodec::Impl {
 public:
  Impl() { inflater.reset(kWindowBits); }

  zlib::deflate_stream deflater;
  zlib::inflate_stream inflater;

  // Inflates all of `input`; the output may hold at most `bytesMax`.
  Inflated feed(std::string_view input, uint64_t bytesMax, std::string& out) {
    zlib::z_params params;
    params.next_in = input.data();
    params.avail_in = input.size();
    bool afterBlock = false;
    for (;;) {
      const size_t before = out.size();
      // One byte more than allowed tells "too big" from "just fits".
      const size_t step =
          std::min<uint64_t>(std::max(kStepBytesMin, before), bytesMax + 1 - before);
      if (step == 0) return Inflated::kTooBig;
      out.resize(before + step);
      params.next_out = out.data() + before;
      params.avail_out = step;
      boost::beast::error_code error;
      inflater.write(params, zlib::Flush::sync, error);
      // A call without progress says nothing.
      if (error != zlib::error::need_buffers) afterBlock = (params.data_type & kAfterBlock) != 0;
      out.resize(before + step - params.avail_out);
      if (out.size() > bytesMax) return Inflated::kTooBig;
      // A final block (BFINAL) ends the message too.
      if (error == zlib::error::end_of_stream) return Inflated::kOk;
      if (error && error != zlib::error::need_buffers) return Inflated::kCorrupt;
      if (params.avail_out > 0) {
        return params.avail_in == 0 && afterBlock ? Inflated::kOk : Inflated::kCorrupt;
      }
    }
  }
};

MessageCodec::MessageCodec() = default;
MessageCodec::~MessageCodec() = default;

MessageCodec::Inflated MessageCodec::inflate(std::string_view compressed, uint64_t bytesMax,
                                             std::string& out) {
  if (!impl_) impl_ = std::make_unique<Impl>();
  out.clear();
  impl_->inflater.reset(kWindowBits);
  std::string whole(compressed);
  whole.append(kFlushTail);
  return impl_->feed(whole, bytesMax, out);
}

bool MessageCodec::deflate(std::string_view message, uint8_t windowBits, std::string& out) {
  if (!impl_) impl_ = std::make_unique<Impl>();
  zlib::deflate_stream& deflater = impl_->deflater;
  deflater.reset(kLevel, windowBits, kMemoryLevel, zlib::Strategy::normal);
  // A sync flush adds up to five bytes and a few bits to the bound of the data.
  out.resize(deflater.upper_bound(message.size()) + 16);
  zlib::z_params params;
  params.next_in = message.data();
  params.avail_in = message.size();
  params.next_out = out.data();
  params.avail_out = out.size();
  boost::beast::error_code error;
  deflater.write(params, zlib::Flush::sync, error);
  out.resize(out.size() - params.avail_out);
  if (error || params.avail_in != 0 || !std::string_view(out).ends_with(kFlushTail)) return false;
  out.resize(out.size() - kFlushTail.size());
  return out.size() < message.size();
}

}  // namespace holdfast::net
