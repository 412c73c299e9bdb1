// HandlerScript: what the JavaScript of a simulated event does, picked by a seed.
//
// A script runs without a break until a step that awaits; its continuation comes as an event of its
// own. Sections nest properly, as callbacks do.
#pragma once

#include <cstdint>
#include <vector>

#include "support/seeds.h"

namespace holdfast::host {

enum class Step : uint8_t {
  kIncrement,    // get, then put, with nothing but microtasks in between
  kUnconfirmed,  // the same, and outputs need not wait for it (S2.6.5)
  kAwait,        // I/O: other events may run
  kEnter,        // blockConcurrencyWhile(): goes on inside, as an event of the section
  kLeave,        // goes on outside, as an event of the enclosing section
  kRead,         // remembers what is stored
  kWrite,        // stores what was remembered and one stamp more
  kBegin,        // transaction(): kEnter and a savepoint
  kCommit,       // keeps it, and kLeave
  kRollback,     // undoes it, and kLeave
  kSend,         // an output that JavaScript holds: a call, an outgoing fetch
  kAsk,          // the same, and awaits that it has left: its answer can come only then
  kSendThrough,  // one that the server holds: a piece of a response, a message of a socket
  kSetAlarm,
  kDeleteAlarm,
  kBackground,  // waitUntil() of some work
  kAccept,      // a hibernatable socket
  kThrow,       // last
  kAbort,       // ctx.abort()
};

using HandlerScript = std::vector<Step>;

enum class Mood : uint8_t {
  kWild,
  kCalm,  // ends by itself and starts nothing new
};

class ScriptWriter {
 public:
  ScriptWriter(testing::Choices& choices, Mood mood) : choices_(choices), mood_(mood) {}

  HandlerScript handler() {
    for (uint32_t items = choices_.between(1, 4); items != 0; --items) item();
    if (mood_ == Mood::kWild && choices_.chance(8)) script_.push_back(Step::kThrow);
    if (mood_ == Mood::kWild && choices_.chance(3)) script_.push_back(Step::kAbort);
    return std::move(script_);
  }
  HandlerScript background() {
    script_ = {Step::kAwait, Step::kIncrement, Step::kAwait};
    if (choices_.chance(50)) script_.push_back(Step::kIncrement);
    return std::move(script_);
  }
  HandlerScript constructor() {
    if (choices_.chance(30)) protect(1);
    return std::move(script_);
  }

 private:
  void item() {
    switch (choices_.pick(mood_ == Mood::kCalm ? 7 : 12)) {
      case 0:
        return add(choices_.chance(30) ? Step::kUnconfirmed : Step::kIncrement);
      case 1:
        return add(Step::kIncrement);
      case 2:
        return add(Step::kAwait);
      case 3:
      case 4:
        return protect(choices_.between(1, 4));
      case 5:
        if (choices_.chance(30)) return add(Step::kAsk);
        return add(choices_.chance(50) ? Step::kSend : Step::kSendThrough);
      case 6:
        return transact();
      case 7:
      case 8:
        return add(Step::kSetAlarm);
      case 9:
        return add(Step::kDeleteAlarm);
      case 10:
        return add(Step::kBackground);
      default:
        return add(Step::kAccept);
    }
  }
  void add(Step step) { script_.push_back(step); }
  // A read and a write with I/O in between, which only a section protects (S2.5.8).
  void protect(uint32_t depth) {
    add(Step::kEnter);
    if (depth > 1) protect(depth - 1);
    for (const Step step : {Step::kRead, Step::kAwait, Step::kWrite, Step::kLeave}) add(step);
  }
  void transact() {
    add(Step::kBegin);
    add(choices_.chance(20) ? Step::kUnconfirmed : Step::kIncrement);
    add(Step::kAwait);
    if (choices_.chance(30)) add(Step::kSend);
    if (choices_.chance(30) && mood_ == Mood::kWild) add(Step::kSetAlarm);
    if (choices_.chance(30)) protect(1);
    if (choices_.chance(20)) transact();
    if (choices_.chance(30)) add(Step::kAsk);  // does not wait for the commit (S2.6.2)
    add(Step::kIncrement);
    add(choices_.chance(60) ? Step::kCommit : Step::kRollback);
  }

  testing::Choices& choices_;
  Mood mood_;
  HandlerScript script_;
};

}  // namespace holdfast::host
