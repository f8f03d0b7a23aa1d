#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "tensor/tensor_view.hpp"

namespace sextant::test {

template <class T>
constexpr Dtype dtype_of() {
  if constexpr (std::is_same_v<T, std::uint8_t>) return Dtype::uint8;
  if constexpr (std::is_same_v<T, std::int8_t>) return Dtype::int8;
  if constexpr (std::is_same_v<T, std::uint16_t>) return Dtype::uint16;
  if constexpr (std::is_same_v<T, std::int16_t>) return Dtype::int16;
  if constexpr (std::is_same_v<T, std::uint32_t>) return Dtype::uint32;
  if constexpr (std::is_same_v<T, std::int32_t>) return Dtype::int32;
  if constexpr (std::is_same_v<T, std::uint64_t>) return Dtype::uint64;
  if constexpr (std::is_same_v<T, std::int64_t>) return Dtype::int64;
  if constexpr (std::is_same_v<T, float>) return Dtype::float32;
  if constexpr (std::is_same_v<T, double>) return Dtype::float64;
}

/** A dense tensor of exactly its size on the heap, so that a sanitizer sees the first step outside. */
template <class T>
class Field {
 public:
  explicit Field(std::vector<std::int64_t> shape) : shape_(std::move(shape)) {
    std::int64_t count = 1;
    for (const auto extent : shape_) count *= extent;
    values.assign(static_cast<std::size_t>(count), T{});
  }

  /** C order: last axis fastest. */
  TensorView view() {
    TensorView view{};
    view.data = values.data();
    view.dtype = dtype_of<T>();
    view.rank = static_cast<int>(shape_.size());
    std::int64_t step = 1;
    for (int axis = view.rank - 1; axis >= 0; --axis) {
      view.shape[axis] = shape_[static_cast<std::size_t>(axis)];
      view.strides[axis] = step;
      step *= view.shape[axis];
    }
    return view;
  }

  std::vector<T> values;

 private:
  std::vector<std::int64_t> shape_;
};

}  // namespace sextant::test
