#include "node/row_batch.h"

#include <algorithm>

#include "base/check.h"

namespace holdfast::node {
namespace {

bool isAscii(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char byte) { return (static_cast<unsigned char>(byte) & 0x80U) != 0; });
}

storage::SqlValue bindingFrom(const Napi::Value& value) {
  if (value.IsString()) return toWtf8(value);  // as workerd: lone surrogates too
  return storage::Blob{toBytes(value)};
}

// What a short text is cut from stays in memory as long as the piece; V8 copies a piece that is
// shorter than 13 characters.
constexpr size_t kShortTextMax = 12;
static_assert(kShortTextMax < RowBatch::kTextUnits);

}  // namespace

RowBatch::RowBatch(Napi::Env env, Napi::Object cells) {
  Napi::Uint8Array kinds = Napi::Uint8Array::New(env, kCellsMax);
  Napi::Float64Array numbers = Napi::Float64Array::New(env, kCellsMax);
  const Napi::Array others = Napi::Array::New(env);
  kinds_ = kinds.Data();
  numbers_ = numbers.Data();
  kindsReference_ = Napi::Persistent(kinds);
  numbersReference_ = Napi::Persistent(numbers);
  others_ = Napi::Persistent(others);
  cells.Set("kinds", kinds);
  cells.Set("numbers", numbers);
  cells.Set("others", others);
}

void RowBatch::begin() {
  text_.clear();
  cells_ = 0;
  rows_ = 0;
  othersCount_ = 0;
}

void RowBatch::set(Kind kind, double number) {
  kinds_[cells_] = kind;
  numbers_[cells_] = number;
  ++cells_;
}

void RowBatch::addOther(Napi::Env env, napi_value value) {
  napi_set_element(env, others_.Value(), othersCount_, value);
  set(kOther, othersCount_++);
}

void RowBatch::addText(Napi::Env env, std::string_view text) {
  const bool isPlain = isAscii(text);
  if (isPlain && text.size() <= kShortTextMax) {
    set(kText, static_cast<double>((text_.size() * kTextUnits) + text.size()));
    text_.append(text);
    return;
  }
  napi_value made = nullptr;
  const napi_status status = isPlain
                                 ? napi_create_string_latin1(env, text.data(), text.size(), &made)
                                 : napi_create_string_utf8(env, text.data(), text.size(), &made);
  addOther(env, status == napi_ok ? made : static_cast<napi_value>(env.Undefined()));
}

void RowBatch::add(Napi::Env env, const storage::SqlCursor& cursor) {
  const size_t columns = cursor.columnNames().size();
  DO_CHECK(hasRoomFor(columns), columns, rows_);
  for (size_t i = 0; i < columns; ++i) {
    const Column column = cursor.column(i);
    switch (column.type) {
      case Column::Type::kInteger:
        set(kNumber, static_cast<double>(column.integer));
        break;
      case Column::Type::kReal:
        set(kNumber, column.real);
        break;
      case Column::Type::kText:
        addText(env, column.bytes);
        break;
      case Column::Type::kBlob:
        addOther(env, copyToArrayBuffer(env, column.bytes));
        break;
      case Column::Type::kNull:
        set(kNull, 0);
        break;
    }
  }
  ++rows_;
}

std::vector<storage::SqlValue> RowBatch::bindings(size_t count) const {
  std::vector<storage::SqlValue> values(count);
  for (size_t i = 0; i < std::min<size_t>(count, kCellsMax); ++i) {
    if (kinds_[i] == kNumber) values[i] = numbers_[i];
    if (kinds_[i] == kOther)
      values[i] = bindingFrom(others_.Value().Get(static_cast<uint32_t>(numbers_[i])));
  }
  return values;
}

Napi::Value RowBatch::text(Napi::Env env) const {
  napi_value made = nullptr;
  if (napi_create_string_latin1(env, text_.data(), text_.size(), &made) != napi_ok)
    return env.Undefined();
  return {env, made};
}

}  // namespace holdfast::node
