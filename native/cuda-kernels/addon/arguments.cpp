#include "addon/arguments.hpp"

#include <cmath>

#include "addon/handle.hpp"
#include "addon/storage_handle.hpp"
#include "ops/operation_error.hpp"

namespace sextant {

namespace {

[[noreturn]] void refuse(const char* subject, const char* got, const char* expected) {
  throw OperationError("ARGUMENT_INVALID", subject, got, expected);
}

std::int64_t whole(const Napi::Value& value, const char* subject) {
  if (!value.IsNumber()) refuse(subject, "no number", "a whole number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!(std::abs(number) <= 9007199254740991.0) || std::floor(number) != number) {
    refuse(subject, std::to_string(number).c_str(), "a whole number");
  }
  return static_cast<std::int64_t>(number);
}

/** Whether every element lies inside the block; written so that nothing overflows. */
bool inside(const TensorView& view, std::int64_t first, std::int64_t elements) {
  __int128 low = first, high = first;
  for (int axis = 0; axis < view.rank; ++axis) {
    if (view.shape[axis] == 0) return true;
    const __int128 reach = static_cast<__int128>(view.strides[axis]) * (view.shape[axis] - 1);
    (reach < 0 ? low : high) += reach;
  }
  return low >= 0 && high < elements;
}

}  // namespace

Arguments::Arguments(const Napi::CallbackInfo& info) {
  if (info.Length() < 1 || !info[0].IsObject()) refuse("arguments", "no object", "one object");
  object_ = info[0].As<Napi::Object>();
}

Napi::Value Arguments::member(const char* name) const { return object_.Get(name); }

bool Arguments::has(const char* name) const { return !member(name).IsUndefined(); }

TensorView Arguments::tensor(const char* name, int rank) {
  return tensor_of(member(name), name, rank);
}

TensorView Arguments::tensor_of(const Napi::Value& value, const char* subject, int rank) {
  if (!value.IsObject()) refuse(subject, "no tensor", "a tensor");
  const auto object = value.As<Napi::Object>();
  const auto& storage = from_handle<StorageHandle>(object.Get("storage"), subject);
  if (storage == nullptr || storage->storage == nullptr) {
    throw OperationError("TENSOR_DISPOSED", subject, "a disposed tensor", "a live tensor");
  }
  const std::int64_t dtype = whole(object.Get("dtype"), subject);
  if (dtype < 0 || dtype >= kDtypeCount) refuse(subject, "an unknown dtype", "a known dtype");
  if (!object.Get("shape").IsArray() || !object.Get("strides").IsArray()) {
    refuse(subject, "no arrays", "shape and strides as arrays");
  }
  const auto shape = object.Get("shape").As<Napi::Array>();
  const auto strides = object.Get("strides").As<Napi::Array>();
  if (shape.Length() > kMaxRank || strides.Length() != shape.Length() ||
      (rank >= 0 && shape.Length() != static_cast<std::uint32_t>(rank))) {
    refuse(subject, (std::to_string(shape.Length()) + " axes").c_str(),
           rank < 0 ? "at most 8 axes" : (std::to_string(rank) + " axes").c_str());
  }
  TensorView view{};
  view.dtype = static_cast<Dtype>(dtype);
  view.rank = static_cast<int>(shape.Length());
  for (int axis = 0; axis < view.rank; ++axis) {
    view.shape[axis] = whole(shape.Get(axis), subject);
    view.strides[axis] = whole(strides.Get(axis), subject);
    if (view.shape[axis] < 0) refuse(subject, "a negative extent", "extents of 0 or more");
  }
  const std::int64_t first = whole(object.Get("offset"), subject);
  const auto elements =
      static_cast<std::int64_t>(storage->storage->bytes()) / size_of(view.dtype);
  if (!inside(view, first, elements)) refuse(subject, "elements outside", "elements in its memory");
  view.data = storage->storage->data() + (first < 0 || first > elements ? 0 : first) * size_of(view.dtype);
  holds_.push_back(storage->storage);
  return view;
}

double Arguments::number(const char* name) const {
  const auto value = member(name);
  if (!value.IsNumber()) refuse(name, "no number", "a number");
  return value.As<Napi::Number>().DoubleValue();
}

std::int64_t Arguments::integer(const char* name) const { return whole(member(name), name); }

bool Arguments::flag(const char* name) const {
  const auto value = member(name);
  if (!value.IsBoolean()) refuse(name, "no boolean", "a boolean");
  return value.As<Napi::Boolean>().Value();
}

Border Arguments::border(const char* name) const {
  const std::int64_t code = integer(name);
  if (code < 0 || code >= kBorderCount) refuse(name, "an unknown border", "a known border");
  return static_cast<Border>(code);
}

std::string Arguments::text(const char* name) const {
  const auto value = member(name);
  if (!value.IsString()) refuse(name, "no text", "a text");
  return value.As<Napi::String>().Utf8Value();
}

std::vector<double> Arguments::numbers(const char* name, int count) const {
  const auto value = member(name);
  std::vector<double> result;
  if (value.IsTypedArray() &&
      value.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array) {
    const auto array = value.As<Napi::Float64Array>();
    result.assign(array.Data(), array.Data() + array.ElementLength());
  } else if (value.IsArray()) {
    const auto array = value.As<Napi::Array>();
    for (std::uint32_t i = 0; i < array.Length(); ++i) {
      const Napi::Value item = array.Get(i);
      if (!item.IsNumber()) refuse(name, "an item that is no number", "numbers");
      result.push_back(item.As<Napi::Number>().DoubleValue());
    }
  } else {
    refuse(name, "no array", "an array of numbers");
  }
  if (count >= 0 && result.size() != static_cast<std::size_t>(count)) {
    refuse(name, (std::to_string(result.size()) + " numbers").c_str(),
           (std::to_string(count) + " numbers").c_str());
  }
  return result;
}

}  // namespace sextant
