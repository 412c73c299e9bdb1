// HeadCheck, fed byte by byte: the verdict must not depend on how a head arrives.
#include "net/head_check.h"

#include <gtest/gtest.h>

#include <string>

namespace holdfast::net {
namespace {

using Verdict = HeadCheck::Verdict;

// The first verdict that is not kFine, as `head` grows; and how many bytes it took.
struct Found {
  Verdict verdict = Verdict::kFine;
  size_t bytes = 0;
};

Found feed(std::string_view head, uint32_t fieldsMax = 100) {
  HeadCheck check(fieldsMax);
  for (size_t size = 1; size <= head.size(); ++size) {
    const Verdict verdict = check.check(head.substr(0, size));
    if (verdict != Verdict::kFine) return {verdict, size};
  }
  return {};
}

TEST(HeadCheckTest, TakesAHeadAndIgnoresWhatFollows) {
  EXPECT_EQ(feed("GET / HTTP/1.1\r\nHost: a\r\n\r\n\n\rbody\n").verdict, Verdict::kFine);
}

TEST(HeadCheckTest, RefusesAtTheFirstByteThatCannotBe) {
  EXPECT_EQ(feed("\x16\x03\x01").bytes, 1U);
  EXPECT_EQ(feed("GET / HTTP/1.1\nHost").bytes, 15U);
  EXPECT_EQ(feed("GET / HTTP/1.1\r\n Host").bytes, 17U);
  EXPECT_EQ(feed("A / HTTP/1.1\r\nX: a\r\n\tb").bytes, 21U);
  EXPECT_EQ(feed("A / HTTP/1.1\r\nX: a\rb\r\n").verdict, Verdict::kMalformed);
  EXPECT_EQ(feed("A / HTTP/1.1\r\r\n").verdict, Verdict::kMalformed);
}

TEST(HeadCheckTest, CountsFieldsWithoutTheRequestLine) {
  const std::string head = "A / HTTP/1.1\r\nX: a\r\nX: b\r\n\r\n";
  EXPECT_EQ(feed(head, 2).verdict, Verdict::kFine);
  EXPECT_EQ(feed(head, 1).verdict, Verdict::kTooManyFields);
}

TEST(HeadCheckTest, GoesOnBehindWhatTheParserConsumed) {
  HeadCheck check(100);
  const std::string line = "A / HTTP/1.1\r\n";
  EXPECT_EQ(check.check(line), Verdict::kFine);
  check.drop(line.size());
  EXPECT_EQ(check.check("X: a\r\n"), Verdict::kFine);
  EXPECT_EQ(check.check("X: a\r\n b"), Verdict::kMalformed);
}

}  // namespace
}  // namespace holdfast::net
