#include "sys/file_system.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace holdfast::sys {
namespace {

namespace fs = std::filesystem;

Status failed(const char* call, const std::string& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  return {full ? Code::kResourceExhausted : Code::kIo,
          std::string(call) + " " + path + ": " + std::generic_category().message(error)};
}

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] int release() {
    const int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

class FlockLock final : public FileLock {
 public:
  explicit FlockLock(int fd) : fd_(fd) {}
  ~FlockLock() override { ::close(fd_); }
  FlockLock(const FlockLock&) = delete;
  FlockLock& operator=(const FlockLock&) = delete;

 private:
  int fd_;
};

Status writeAll(int fd, const std::string& path, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return failed("write", path, errno);
    }
    content.remove_prefix(static_cast<size_t>(written));
  }
  return {};
}

Result<std::string> readAll(int fd, const std::string& path) {
  std::string content;
  char block[4096];
  for (;;) {
    const ssize_t got = ::read(fd, block, sizeof block);
    if (got < 0) {
      if (errno == EINTR) continue;
      return failed("read", path, errno);
    }
    if (got == 0) return content;
    content.append(block, static_cast<size_t>(got));
  }
}

class SystemFile final : public File {
 public:
  SystemFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  Result<size_t> read(uint64_t offset, char* into, size_t bytes) override {
    size_t done = 0;
    while (done < bytes) {
      const ssize_t got =
          ::pread(fd_.get(), into + done, bytes - done, static_cast<off_t>(offset + done));
      if (got < 0) {
        if (errno == EINTR) continue;
        return failed("pread", path_, errno);
      }
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  Status write(uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t put =
          ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (put < 0) {
        if (errno == EINTR) continue;
        return failed("pwrite", path_, errno);
      }
      bytes.remove_prefix(static_cast<size_t>(put));
      offset += static_cast<uint64_t>(put);
    }
    return {};
  }

  Result<uint64_t> size() override {
    struct stat info {};
    if (::fstat(fd_.get(), &info) != 0) return failed("fstat", path_, errno);
    return static_cast<uint64_t>(info.st_size);
  }

  Status truncate(uint64_t bytes) override {
    return ::ftruncate(fd_.get(), static_cast<off_t>(bytes)) == 0
               ? Status()
               : failed("ftruncate", path_, errno);
  }

  Status reserve(uint64_t bytes) override {
    const int error = ::posix_fallocate(fd_.get(), 0, static_cast<off_t>(bytes));
    return error == 0 ? Status() : failed("posix_fallocate", path_, error);
  }

  Status sync() override {
    return ::fdatasync(fd_.get()) == 0 ? Status() : failed("fdatasync", path_, errno);
  }

 private:
  const FileDescriptor fd_;
  const std::string path_;
};

int openFlags(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY | O_CLOEXEC;
    case OpenMode::kWrite:
      return O_RDWR | O_CLOEXEC;
    case OpenMode::kCreate:
      break;
  }
  return O_RDWR | O_CREAT | O_CLOEXEC;
}

class SystemFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
    const int fd = ::open(path.c_str(), openFlags(mode), 0644);
    if (fd >= 0) return std::unique_ptr<File>(std::make_unique<SystemFile>(fd, path));
    Status why = failed("open", path, errno);
    return errno == ENOENT ? Status(Code::kNotFound, why.message()) : why;
  }

  bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }

  Result<uint64_t> fileSize(const std::string& path) override {
    struct stat info {};
    if (::stat(path.c_str(), &info) == 0) return static_cast<uint64_t>(info.st_size);
    if (errno == ENOENT) return uint64_t{0};
    return failed("stat", path, errno);
  }

  Status createDirectories(const std::string& path) override {
    std::error_code error;
    fs::create_directories(path, error);
    return error ? failed("mkdir", path, error.value()) : Status();
  }

  Result<std::vector<std::string>> list(const std::string& path) override {
    std::vector<std::string> names;
    Status read = forEachName(path, [&names](std::string_view name) { names.emplace_back(name); });
    if (!read.ok()) return read;
    std::sort(names.begin(), names.end());
    return names;
  }

  Status forEachName(const std::string& path,
                     const std::function<void(std::string_view)>& visit) override {
    std::error_code error;
    fs::directory_iterator entry(path, error);
    if (error == std::errc::no_such_file_or_directory) return {};
    while (!error && entry != fs::directory_iterator()) {
      visit(entry->path().filename().native());
      entry.increment(error);
    }
    return error ? failed("readdir", path, error.value()) : Status();
  }

  Status createFile(const std::string& path, std::string_view content) override {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (file.get() < 0) {
      Status why = failed("open", path, errno);
      return errno == EEXIST ? Status(Code::kAlreadyExists, why.message()) : why;
    }
    return writeAll(file.get(), path, content);
  }

  Status rename(const std::string& from, const std::string& to) override {
    return ::rename(from.c_str(), to.c_str()) == 0 ? Status() : failed("rename", from, errno);
  }

  Status removeFile(const std::string& path) override {
    const bool gone = ::unlink(path.c_str()) == 0 || errno == ENOENT;
    return gone ? Status() : failed("unlink", path, errno);
  }

  Status removeTree(const std::string& path) override {
    std::error_code error;
    fs::remove_all(path, error);
    return error ? failed("remove", path, error.value()) : Status();
  }

  Status syncFile(const std::string& path) override {
    const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    if (file.get() < 0) return failed("open", path, errno);
    return ::fdatasync(file.get()) == 0 ? Status() : failed("fdatasync", path, errno);
  }

  Status syncDirectory(const std::string& path) override {
    const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0) return failed("open", path, errno);
    return ::fsync(directory.get()) == 0 ? Status() : failed("fsync", path, errno);
  }

  Status syncAll(const std::string& path) override {
    const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0) return failed("open", path, errno);
    return ::syncfs(directory.get()) == 0 ? Status() : failed("syncfs", path, errno);
  }

  Result<std::optional<std::string>> readFile(const std::string& path) override {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) {
      if (errno == ENOENT) return std::optional<std::string>();
      return failed("open", path, errno);
    }
    Result<std::string> content = readAll(file.get(), path);
    if (!content.ok()) return content.status();
    return std::optional<std::string>(std::move(content).value());
  }

  Status replaceFile(const std::string& path, std::string_view content) override {
    const std::string temporary = path + ".new";
    {
      const FileDescriptor file(
          ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
      if (file.get() < 0) return failed("open", temporary, errno);
      Status written = writeAll(file.get(), temporary, content);
      if (!written.ok()) return written;
      if (::fsync(file.get()) != 0) return failed("fsync", temporary, errno);
    }
    Status renamed = rename(temporary, path);
    if (!renamed.ok()) return renamed;
    return syncDirectory(fs::path(path).parent_path().string());
  }

  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override {
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (file.get() < 0) return failed("open", path, errno);
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return failed("flock", path, errno);
      const Result<std::string> holder = readAll(file.get(), path);
      std::string pid = holder.ok() ? holder.value() : "";
      while (!pid.empty() && pid.back() == '\n') pid.pop_back();
      return Status(Code::kUnavailable, path + " is held by process " + (pid.empty() ? "?" : pid));
    }
    if (::ftruncate(file.get(), 0) != 0) return failed("ftruncate", path, errno);
    Status written = writeAll(file.get(), path, std::to_string(::getpid()) + "\n");
    if (!written.ok()) return written;
    return std::unique_ptr<FileLock>(std::make_unique<FlockLock>(file.release()));
  }
};

}  // namespace

Status FileSystem::forEachName(const std::string& path,
                               const std::function<void(std::string_view)>& visit) {
  const Result<std::vector<std::string>> names = list(path);
  if (!names.ok()) return names.status();
  for (const std::string& name : names.value()) visit(name);
  return {};
}

FileSystem& systemFileSystem() {
  static SystemFileSystem files;
  return files;
}

Status createDirectoriesDurably(FileSystem& files, const std::string& path) {
  std::string parent = fs::path(path).parent_path().string();
  if (parent.empty()) parent = ".";
  if (!files.exists(path)) {
    Status created = createDirectoriesDurably(files, parent);
    if (created.ok()) created = files.createDirectories(path);
    if (!created.ok()) return created;
  }
  // Also of one that is there: whoever made it may have died before this.
  return files.syncDirectory(parent);
}

}  // namespace holdfast::sys
