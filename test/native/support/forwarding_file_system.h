// ForwardingFileSystem: passes every call on. Tests derive from it to lie about some.
//
// A derived class changes what happens to an open file by overriding the calls that name its path.
// Thread: as the file system below. Owner: the test.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sys/file_system.h"

namespace holdfast::testing {

class ForwardingFileSystem : public sys::FileSystem {
 public:
  explicit ForwardingFileSystem(sys::FileSystem& real) : real_(real) {}

  Result<std::unique_ptr<sys::File>> open(const std::string& path, sys::OpenMode mode) override {
    Result<std::unique_ptr<sys::File>> file = real_.open(path, mode);
    if (!file.ok()) return file;
    return std::unique_ptr<sys::File>(
        std::make_unique<OpenFile>(std::move(file).value(), path, *this));
  }
  bool exists(const std::string& path) override { return real_.exists(path); }
  Result<uint64_t> fileSize(const std::string& path) override { return real_.fileSize(path); }
  Status createDirectories(const std::string& path) override {
    return real_.createDirectories(path);
  }
  Result<std::vector<std::string>> list(const std::string& path) override {
    return real_.list(path);
  }
  Status createFile(const std::string& path, std::string_view content) override {
    return real_.createFile(path, content);
  }
  Status rename(const std::string& from, const std::string& to) override {
    return real_.rename(from, to);
  }
  Status removeFile(const std::string& path) override { return real_.removeFile(path); }
  Status removeTree(const std::string& path) override { return real_.removeTree(path); }
  Status syncFile(const std::string& path) override { return real_.syncFile(path); }
  Status syncDirectory(const std::string& path) override { return real_.syncDirectory(path); }
  Status syncAll(const std::string& path) override { return real_.syncAll(path); }
  Result<std::optional<std::string>> readFile(const std::string& path) override {
    return real_.readFile(path);
  }
  Status replaceFile(const std::string& path, std::string_view content) override {
    return real_.replaceFile(path, content);
  }
  Result<std::unique_ptr<sys::FileLock>> lock(const std::string& path) override {
    return real_.lock(path);
  }

 protected:
  virtual Result<size_t> readOpen(sys::File& file, const std::string& /*path*/, uint64_t offset,
                                  char* into, size_t bytes) {
    return file.read(offset, into, bytes);
  }
  virtual Status writeOpen(sys::File& file, const std::string& /*path*/, uint64_t offset,
                           std::string_view bytes) {
    return file.write(offset, bytes);
  }
  virtual Status reserveOpen(sys::File& file, const std::string& /*path*/, uint64_t bytes) {
    return file.reserve(bytes);
  }
  virtual void closedOpen(const std::string& /*path*/) {}
  virtual Status syncOpen(sys::File& file, const std::string& /*path*/) { return file.sync(); }

 private:
  class OpenFile final : public sys::File {
   public:
    OpenFile(std::unique_ptr<sys::File> real, std::string path, ForwardingFileSystem& files)
        : real_(std::move(real)), path_(std::move(path)), files_(files) {}
    ~OpenFile() override { files_.closedOpen(path_); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;
    Result<size_t> read(uint64_t offset, char* into, size_t bytes) override {
      return files_.readOpen(*real_, path_, offset, into, bytes);
    }
    Status write(uint64_t offset, std::string_view bytes) override {
      return files_.writeOpen(*real_, path_, offset, bytes);
    }
    Result<uint64_t> size() override { return real_->size(); }
    Status truncate(uint64_t bytes) override { return real_->truncate(bytes); }
    Status reserve(uint64_t bytes) override { return files_.reserveOpen(*real_, path_, bytes); }
    Status sync() override { return files_.syncOpen(*real_, path_); }

   private:
    const std::unique_ptr<sys::File> real_;
    const std::string path_;
    ForwardingFileSystem& files_;
  };

  sys::FileSystem& real_;
};

}  // namespace holdfast::testing
