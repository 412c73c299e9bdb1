#include "sys/descriptors.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace holdfast::sys {

int duplicateDescriptor(int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, 0); }

bool isSocketFile(const std::string& path) {
  struct stat found {};
  return ::lstat(path.c_str(), &found) == 0 && S_ISSOCK(found.st_mode);
}

void removeSocketFile(const std::string& path) { ::unlink(path.c_str()); }

}  // namespace holdfast::sys
