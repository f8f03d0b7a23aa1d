#pragma once

#include <cstdint>

#include "ops/host_device.hpp"

namespace sextant {

/** The element types. The order is contract with lib/dtype.ts: append only. */
enum class Dtype : std::uint8_t {
  uint8,
  int8,
  uint16,
  int16,
  uint32,
  int32,
  uint64,
  int64,
  float32,
  float64,
};

inline constexpr int kDtypeCount = 10;

SEXTANT_HD std::int64_t size_of(Dtype dtype) {
  switch (dtype) {
    case Dtype::uint8:
    case Dtype::int8:
      return 1;
    case Dtype::uint16:
    case Dtype::int16:
      return 2;
    case Dtype::uint32:
    case Dtype::int32:
    case Dtype::float32:
      return 4;
    default:
      return 8;
  }
}

/** Calls `f.template operator()<T>()` with the C++ type of `dtype`. */
template <class F>
auto with_dtype(Dtype dtype, F&& f) {
  switch (dtype) {
    case Dtype::uint8:
      return f.template operator()<std::uint8_t>();
    case Dtype::int8:
      return f.template operator()<std::int8_t>();
    case Dtype::uint16:
      return f.template operator()<std::uint16_t>();
    case Dtype::int16:
      return f.template operator()<std::int16_t>();
    case Dtype::uint32:
      return f.template operator()<std::uint32_t>();
    case Dtype::int32:
      return f.template operator()<std::int32_t>();
    case Dtype::uint64:
      return f.template operator()<std::uint64_t>();
    case Dtype::int64:
      return f.template operator()<std::int64_t>();
    case Dtype::float32:
      return f.template operator()<float>();
    default:
      return f.template operator()<double>();
  }
}

}  // namespace sextant
