// RowBatch: rows of a cursor on their way to JavaScript, many to one crossing, and bindings of a
// statement on their way from there.
//
// A row is as many cells as it has columns. A cell is one number and its kind, in two arrays that
// both sides see; what a cell of each kind means is written at Kind. lib/storage/row-cells.js
// reads them. A batch is read before the next one is begun: there is one for each environment.
//
// Thread: the shard's. Owner: the RuntimeObject. Failure: an environment that is going away makes
// no strings; its rows have undefined in their place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/napi_setup.h"
#include "storage/database.h"

namespace holdfast::node {

class RowBatch {
 public:
  enum Kind : uint8_t {
    kNull = 0,
    kNumber = 1,  // the number itself
    kText = 2,    // in text(): its offset times kTextUnits, plus its length
    kOther = 3,   // its index in the array `others`: longer text, text that is not ASCII, bytes
  };
  static constexpr uint32_t kTextUnits = 16;
  static constexpr uint32_t kCellsMax = 4096;  // more than a row may have columns
  static constexpr uint32_t kRowsMax = 128;

  // `cells` gets the arrays: kinds, numbers, others.
  RowBatch(Napi::Env env, Napi::Object cells);

  void begin();
  // There is room for another row of so many columns.
  [[nodiscard]] bool hasRoomFor(size_t columns) const {
    return rows_ < kRowsMax && cells_ + columns <= kCellsMax;
  }
  // The current row of `cursor`, which must have one; there must be room.
  void add(Napi::Env env, const storage::SqlCursor& cursor);
  [[nodiscard]] uint32_t rows() const { return rows_; }
  // How many of their cells are neither numbers nor short texts.
  [[nodiscard]] uint32_t others() const { return othersCount_; }
  // The short texts of all rows, one behind the other.
  [[nodiscard]] Napi::Value text(Napi::Env env) const;

  // The first `count` cells as JavaScript has set them: null, numbers, and others that are a string
  // or bytes (spec S4.3). Beyond kCellsMax, far more than a statement may have, they are null.
  [[nodiscard]] std::vector<storage::SqlValue> bindings(size_t count) const;

 private:
  using Column = storage::SqlCursor::Column;
  void addText(Napi::Env env, std::string_view text);
  void addOther(Napi::Env env, napi_value value);
  void set(Kind kind, double number);

  Napi::Reference<Napi::Uint8Array> kindsReference_;
  Napi::Reference<Napi::Float64Array> numbersReference_;
  Napi::Reference<Napi::Array> others_;
  uint8_t* kinds_ = nullptr;
  double* numbers_ = nullptr;
  std::string text_;
  uint32_t cells_ = 0;
  uint32_t rows_ = 0;
  uint32_t othersCount_ = 0;
};

}  // namespace holdfast::node
