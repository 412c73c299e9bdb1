// Status and Result<T>: how an operating error travels (guide, section 6).
//
// Contract: a Status is either ok or carries one Code and a message written for the user. Result<T>
// is a Status or a value. Both are [[nodiscard]]; nothing in the native code throws across a
// function that returns one. Thread: values; any thread.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace holdfast {

enum class Code {
  kOk,
  kInvalidArgument,  // the caller's argument; message goes to the user as a TypeError
  kNotFound,
  kAlreadyExists,
  kResourceExhausted,  // a named limit was reached
  kUnavailable,        // shutting down, locked by another process, peer gone
  kIo,           // the operating system refused; message names the call, the path and errno's text
  kCorrupt,      // bytes on disk or on the wire are not what they must be
  kSql,          // SQLite refused a statement; the message is in the form of spec S4.6.1
  kSqlCritical,  // SQLite rolled the transaction back by itself (spec S4.10.4): the object must be
                 // reset
  kUnsupported,
};

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  [[nodiscard]] bool ok() const { return code_ == Code::kOk; }
  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  Code code_ = Code::kOk;
  std::string message_;
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<1>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Status status)
      : state_(std::in_place_index<0>, std::move(status)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 1; }
  [[nodiscard]] const Status& status() const { return ok() ? okStatus() : std::get<0>(state_); }
  [[nodiscard]] T& value() & { return std::get<1>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<1>(state_); }
  // By value: what a temporary gives outlives it, also in `for (auto& x : f().value())`.
  [[nodiscard]] T value() && { return std::get<1>(std::move(state_)); }

 private:
  static const Status& okStatus() {
    static const Status ok;
    return ok;
  }

  std::variant<Status, T> state_;
};

}  // namespace holdfast
