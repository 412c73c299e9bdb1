#include "storage/verify.h"

#include <sqlite3.h>

#include <filesystem>
#include <map>

#include "storage/engine_fixture.h"

namespace holdfast::storage::testing {
namespace {

namespace fs = std::filesystem;

// What an engine left, in a copy that no engine holds.
class VerifyTest : public EngineTest {
 protected:
  void SetUp() override {
    configure_ = [](EngineOptions& options) { options.logReserveBytes = 0; };
  }

  // As a crash of the process would leave it: the engine goes on with the original.
  void copyNow() { fs::copy(directory_.path() + "/data", data_, fs::copy_options::recursive); }
  void stopAndCopy() {
    stop();
    copyNow();
  }
  VerifyReport verify() {
    const std::map<std::string, std::string> before = contents();
    Result<VerifyReport> report = verifyDataDirectory(files_, data_);
    EXPECT_TRUE(report.ok()) << report.status().message();
    EXPECT_EQ(contents(), before) << "something was changed";
    return report.ok() ? std::move(report).value() : VerifyReport();
  }
  std::string problemsOf(const VerifyReport& report) {
    std::string all;
    for (const VerifyFinding& found : report.problems) {
      all += found.path.substr(data_.size() + 1) + ": " + found.what + "\n";
    }
    return all;
  }
  std::string problems() { return problemsOf(verify()); }

  // Of all files but the lock.
  std::map<std::string, std::string> contents() {
    std::map<std::string, std::string> all;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(data_)) {
      if (!entry.is_regular_file() || entry.path().filename() == "lock") continue;
      all[entry.path()] = files_.readFile(entry.path()).value().value();
    }
    return all;
  }

  void put(char object, const std::string& key, const std::string& value) {
    auto db = database(object);
    EXPECT_TRUE(db->put(key, value).ok());
    sink_.waitDurable(commit(*db));
  }
  // Of several pages.
  void fill(char object, std::optional<TimestampMs> alarm = {}) {
    auto db = database(object);
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(db->put("key " + std::to_string(i), std::string(200, 'x')).ok());
    }
    if (alarm) {
      EXPECT_TRUE(db->setAlarm(*alarm).ok());
    }
    sink_.waitDurable(commit(*db));
  }

  std::string object(char digit) const {
    return data_ + "/do/app-Room/" + std::string(64, digit) + ".sqlite";
  }
  std::string index() const { return data_ + "/do/app-Room/metadata.sqlite"; }
  std::vector<std::string> segments() {
    std::vector<std::string> paths;
    const std::vector<std::string> names = files_.list(data_ + "/log").value();
    for (const std::string& name : names) {
      paths.push_back(data_ + "/log/" + name);
    }
    return paths;
  }

  void overwrite(const std::string& path, uint64_t offset, std::string_view bytes) {
    auto file = files_.open(path, sys::OpenMode::kWrite);
    ASSERT_TRUE(file.ok()) << file.status().message();
    ASSERT_TRUE(file.value()->write(offset, bytes).ok());
  }
  void flip(const std::string& path, uint64_t offset) {
    const std::string content = files_.readFile(path).value().value();
    ASSERT_LT(offset, content.size());
    overwrite(path, offset, std::string(1, static_cast<char>(~content[offset])));
  }
  static void run(const std::string& path, const std::string& sql) {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sqlite3_errmsg(db);
    sqlite3_close(db);
  }

  const std::string data_ = directory_.path() + "/copy";
};

TEST_F(VerifyTest, CleanStop) {
  open();
  fill('a', 9000);
  fill('b');
  stopAndCopy();
  const VerifyReport report = verify();
  EXPECT_EQ(problemsOf(report), "");
  EXPECT_TRUE(report.notes.empty());
  EXPECT_EQ(report.objects, 2U);
  EXPECT_EQ(report.objectBytes, fs::file_size(object('a')) + fs::file_size(object('b')));
  EXPECT_EQ(report.commits, 0U);
  EXPECT_EQ(report.segments, segments().size());
}

TEST_F(VerifyTest, WhatOnlyTheLogHoldsIsCheckedInMemory) {
  open();
  auto a = database('a');
  EXPECT_TRUE(a->put("k", std::string(20'000, 'v')).ok());
  EXPECT_TRUE(a->setAlarm(9000).ok());
  sink_.waitDurable(commit(*a));
  copyNow();
  EXPECT_FALSE(files_.exists(object('a')));
  const VerifyReport report = verify();
  EXPECT_EQ(problemsOf(report), "");
  EXPECT_EQ(report.objects, 1U);
  EXPECT_EQ(report.commits, 1U);
  EXPECT_GE(report.objectBytes, 20'000U);
}

TEST_F(VerifyTest, DamageBelowTheLogIsSeen) {
  open();
  fill('a');
  stop();
  open();
  auto a = database('a');
  EXPECT_TRUE(a->put("key 0", "changed").ok());
  sink_.waitDurable(commit(*a));
  copyNow();
  EXPECT_EQ(problems(), "");
  overwrite(object('a'), 3 * 4096, "\xff\xff\xff\xff\xff\xff\xff\xff");
  EXPECT_NE(problems().find("is damaged"), std::string::npos);
}

TEST_F(VerifyTest, DamageInTheMiddleOfTheLog) {
  open();
  fill('b');
  auto a = database('a');
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(a->put("k", std::to_string(i)).ok());
    sink_.waitDurable(commit(*a));
  }
  copyNow();
  const std::string segment = segments().back();
  flip(segment, fs::file_size(segment) - 500);
  const VerifyReport report = verify();
  ASSERT_EQ(report.problems.size(), 1U) << problemsOf(report);
  EXPECT_EQ(report.problems[0].path, segment);
  const std::string& what = report.problems[0].what;
  for (const char* part : {"offset ", "after LSN ", "whole commit records follow", "Restore"}) {
    EXPECT_NE(what.find(part), std::string::npos) << what;
  }
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_NE(report.notes[0].what.find("not checked"), std::string::npos);
}

TEST_F(VerifyTest, TornTailIsNoProblem) {
  open();
  put('a', "k", "v");
  copyNow();
  const std::string segment = segments().back();
  overwrite(segment, fs::file_size(segment), "half a rec");
  const VerifyReport report = verify();
  EXPECT_EQ(problemsOf(report), "");
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_NE(report.notes[0].what.find("nothing in it was acknowledged"), std::string::npos);
}

TEST_F(VerifyTest, MissingSegment) {
  configure_ = [](EngineOptions& options) {
    options.logReserveBytes = 0;
    options.segmentBytes = 4096;
  };
  open();
  auto a = database('a');
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(a->put("k" + std::to_string(i), std::string(1000, 'v')).ok());
    sink_.waitDurable(commit(*a));
  }
  copyNow();
  ASSERT_GT(segments().size(), 3U);
  EXPECT_EQ(problems(), "");
  fs::remove(segments()[1]);
  EXPECT_NE(problems().find("lacks the segment with commit"), std::string::npos) << problems();
}

TEST_F(VerifyTest, DamagedObjects) {
  open();
  for (const char digit : {'a', 'b', 'c', 'd'}) fill(digit);
  stopAndCopy();
  overwrite(object('a'), 0, "not SQLite");
  overwrite(object('b'), 4096, std::string(8, '\xff'));
  fs::resize_file(object('c'), 4096);
  const VerifyReport report = verify();
  ASSERT_EQ(report.problems.size(), 3U) << problemsOf(report);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(report.problems[i].path, object(static_cast<char>('a' + i)));
    EXPECT_TRUE(report.problems[i].what.starts_with("is damaged: "));
    EXPECT_EQ(report.problems[i].what.find('\n'), std::string::npos);
  }
  EXPECT_EQ(report.objects, 4U);
}

TEST_F(VerifyTest, WriteAheadLogOfAnotherRuntimeCounts) {
  open();
  fill('a');
  stopAndCopy();
  const std::string source = directory_.path() + "/other.sqlite";
  fs::copy(object('a'), source);
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(source.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db,
                         "PRAGMA journal_mode=WAL; CREATE TABLE _cf_METADATA (key INTEGER PRIMARY "
                         "KEY, value BLOB); INSERT INTO _cf_METADATA VALUES (1, 5000000)",
                         nullptr, nullptr, nullptr),
            SQLITE_OK);
  fs::copy_file(source, object('a'), fs::copy_options::overwrite_existing);
  fs::copy_file(source + "-wal", object('a') + "-wal");
  sqlite3_close(db);
  // The alarm is in the write-ahead log alone.
  EXPECT_NE(problems().find("lacks the alarm of object aaaa"), std::string::npos) << problems();
  run(index(),
      "CREATE TABLE _cf_ALARM (actor_id TEXT PRIMARY KEY, scheduled_time INTEGER); "
      "INSERT INTO _cf_ALARM VALUES ('" +
          std::string(64, 'a') + "', 5000000)");
  EXPECT_EQ(problems(), "");
  // Without its write-ahead log, and in that mode.
  fs::remove(object('a') + "-wal");
  EXPECT_EQ(problems(), "");
  overwrite(object('a'), 3 * 4096, std::string(8, '\xff'));
  EXPECT_NE(problems().find("is damaged"), std::string::npos);
}

TEST_F(VerifyTest, ChangedByAnotherProgramBelowTheLog) {
  open();
  fill('a');
  stop();
  open();
  auto a = database('a');
  EXPECT_TRUE(a->put("k", "v").ok());
  sink_.waitDurable(commit(*a));
  copyNow();
  ASSERT_TRUE(files_.createFile(object('a') + "-wal", "").ok());
  EXPECT_NE(problems().find("was changed by another program"), std::string::npos);
  // Nor does an engine start.
  const std::map<std::string, std::string> before = contents();
  EngineOptions options;
  options.dataDir = data_;
  RecordingSink sink;
  const auto opened = Engine::open(options, sink);
  EXPECT_EQ(opened.status().code(), Code::kCorrupt);
  EXPECT_NE(opened.status().message().find(object('a')), std::string::npos);
  EXPECT_EQ(contents(), before);
  // Without a write-ahead log, but in the mode that needs one.
  fs::remove(object('a') + "-wal");
  EXPECT_EQ(problems(), "");
  overwrite(object('a'), 18, "\2\2");
  EXPECT_NE(problems().find("was changed by another program"), std::string::npos);
}

TEST_F(VerifyTest, JournalOfAnotherProgramIsNoted) {
  open();
  fill('a');
  stopAndCopy();
  ASSERT_TRUE(files_.createFile(object('a') + "-journal", "x").ok());
  const VerifyReport report = verify();
  EXPECT_EQ(problemsOf(report), "");
  ASSERT_EQ(report.notes.size(), 1U);
  EXPECT_NE(report.notes[0].what.find("not checked"), std::string::npos);
}

TEST_F(VerifyTest, AlarmsOfObjectsAndTheIndexAgree) {
  open();
  for (const char digit : {'a', 'b', 'c', 'd'}) fill(digit, 9000);
  stopAndCopy();
  EXPECT_EQ(problems(), "");
  const auto where = [](char digit) {
    return " WHERE actor_id = '" + std::string(64, digit) + "';";
  };
  run(index(), "DELETE FROM _cf_ALARM" + where('a') +
                   "UPDATE _cf_ALARM SET scheduled_time = scheduled_time + 1000000" + where('b') +
                   "UPDATE _cf_ALARM SET scheduled_time = 1" + where('c') +
                   "UPDATE _cf_ALARM SET actor_id = '" + std::string(64, 'e') + "'" + where('d'));
  const std::string found = problems();
  EXPECT_NE(found.find("lacks the alarm of object aaaa"), std::string::npos) << found;
  EXPECT_NE(found.find("has a later time than the alarm of object bbbb"), std::string::npos);
  EXPECT_EQ(found.find("object cccc"), std::string::npos) << "earlier is harmless";
  EXPECT_NE(found.find("lacks the alarm of object dddd"), std::string::npos);
  EXPECT_NE(found.find("has an alarm for object eeee"), std::string::npos);
}

TEST_F(VerifyTest, DamagedIndexAndRecords) {
  open();
  fill('a', 9000);
  EXPECT_TRUE(engine_->writeMeta("tag", "v1").ok());
  stopAndCopy();
  overwrite(index(), 0, "not SQLite");
  overwrite(data_ + "/records.sqlite", 0, "not SQLite");
  const std::string found = problems();
  EXPECT_NE(found.find("metadata.sqlite: is damaged, and no alarm"), std::string::npos) << found;
  EXPECT_NE(found.find("records.sqlite: is damaged"), std::string::npos) << found;
}

TEST_F(VerifyTest, FilesThatAreNotOurs) {
  open();
  fill('a');
  stopAndCopy();
  for (const char* name : {"/do/app-Room/x.sqlite", "/do/app-Room/notes", "/do/file", "/log/1.log",
                           "/of a neighbour"}) {
    ASSERT_TRUE(files_.createFile(data_ + name, "x").ok());
  }
  const VerifyReport report = verify();
  EXPECT_EQ(report.problems.size(), 4U) << problemsOf(report);
}

TEST_F(VerifyTest, OtherVersion) {
  open();
  stopAndCopy();
  overwrite(data_ + "/format", 0, "7\n");
  EXPECT_NE(problems().find("format: says version \"7\""), std::string::npos);
}

TEST_F(VerifyTest, RefusesWhatIsInUseOrIsNone) {
  open();
  const Result<VerifyReport> used = verifyDataDirectory(files_, directory_.path() + "/data");
  EXPECT_EQ(used.status().code(), Code::kUnavailable);
  EXPECT_NE(used.status().message().find(std::to_string(getpid())), std::string::npos);
  EXPECT_EQ(verifyDataDirectory(files_, directory_.path()).status().code(), Code::kNotFound);
  EXPECT_EQ(verifyDataDirectory(files_, "/nowhere").status().code(), Code::kNotFound);
}

}  // namespace
}  // namespace holdfast::storage::testing
