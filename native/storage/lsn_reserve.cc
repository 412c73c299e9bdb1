#include "storage/lsn_reserve.h"

#include <charconv>

namespace holdfast::storage {
namespace {

constexpr Lsn kBlock = Lsn{1} << 32U;

}  // namespace

// "<number> open\n" or "<number> clean\n".
Status LsnReserve::open() {
  const Result<std::optional<std::string>> content = files_.readFile(path_);
  if (!content.ok()) return content.status();
  if (content.value()) {
    const std::string& text = *content.value();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), first_);
    const std::string rest(end, text.data() + text.size());
    if (error != std::errc() || (rest != " open\n" && rest != " clean\n")) {
      return {Code::kCorrupt, path_ + " is damaged"};
    }
    clean_ = rest == " clean\n";
  }
  reserved_ = first_ + kBlock;
  return files_.replaceFile(path_, std::to_string(reserved_) + " open\n");
}

Status LsnReserve::cover(Lsn lsn) {
  if (lsn + kBlock / 2 < reserved_) return {};
  reserved_ = lsn + kBlock;
  return files_.replaceFile(path_, std::to_string(reserved_) + " open\n");
}

Status LsnReserve::closeCleanly(Lsn last) {
  return files_.replaceFile(path_, std::to_string(last) + " clean\n");
}

}  // namespace holdfast::storage
