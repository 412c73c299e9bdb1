// Descriptors of sockets that several owners know, and the files of Unix-domain sockets.
//
// Thread: any. Failure: -1 with errno set, false, or nothing, as said below.
#pragma once

#include <string>

namespace holdfast::sys {

// A second descriptor of the same open socket, closed on exec; -1 when there is none to be had.
[[nodiscard]] int duplicateDescriptor(int fd);

// Whether the path is that of a Unix-domain socket, served or left behind.
[[nodiscard]] bool isSocketFile(const std::string& path);

// Nothing happens when it is not there.
void removeSocketFile(const std::string& path);

}  // namespace holdfast::sys
