// Bookmarks: an LSN as the text that users keep (spec S4.13.2): four groups of hexadecimal digits,
// ordered as the LSNs are. The LSN is in the first two, the others are zeros.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace holdfast::storage {

std::string bookmarkText(Lsn lsn);
// nullopt: no bookmark.
std::optional<Lsn> parseBookmark(std::string_view text);

}  // namespace holdfast::storage
