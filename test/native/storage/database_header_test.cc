#include "storage/database_header.h"

#include <gtest/gtest.h>

#include <string>

namespace holdfast::storage {
namespace {

// `high`, `low`: the two bytes that say how long a page is.
std::string headerOf(char high, char low, char readVersion = 1) {
  std::string header(kDatabaseHeaderBytes, '\0');
  header.replace(0, 16, std::string("SQLite format 3\0", 16));
  header[16] = high;
  header[17] = low;
  header[19] = readVersion;
  return header;
}

TEST(DatabaseHeader, APageHas512To65536BytesAndAPowerOfTwo) {
  EXPECT_EQ(databasePageBytes(headerOf(0x10, 0)), 4096U);
  EXPECT_EQ(databasePageBytes(headerOf(0x02, 0)), 512U);
  EXPECT_EQ(databasePageBytes(headerOf('\x80', 0)), 32'768U);
  EXPECT_EQ(databasePageBytes(headerOf(0, 1)), 65'536U);
  EXPECT_EQ(databasePageBytes(headerOf(0x01, 0)), 0U);
  EXPECT_EQ(databasePageBytes(headerOf(0x10, 1)), 0U);
  EXPECT_EQ(databasePageBytes(headerOf(0, 0)), 0U);
}

TEST(DatabaseHeader, WhatIsShorterOrBeginsOtherwiseIsNoDatabase) {
  const std::string header = headerOf(0x10, 0);
  EXPECT_EQ(databasePageBytes(header.substr(0, kDatabaseHeaderBytes - 1)), 0U);
  EXPECT_EQ(databasePageBytes(""), 0U);
  EXPECT_EQ(databasePageBytes(std::string(kDatabaseHeaderBytes, '\0')), 0U);
}

TEST(DatabaseHeader, TheReadVersionTellsAWriteAheadLog) {
  EXPECT_TRUE(usesWriteAheadLog(headerOf(0x10, 0, 2)));
  EXPECT_FALSE(usesWriteAheadLog(headerOf(0x10, 0, 1)));
  // The magic alone, and nothing behind it.
  EXPECT_FALSE(usesWriteAheadLog(headerOf(0x10, 0, 2).substr(0, 16)));
  EXPECT_FALSE(usesWriteAheadLog(""));
}

}  // namespace
}  // namespace holdfast::storage
