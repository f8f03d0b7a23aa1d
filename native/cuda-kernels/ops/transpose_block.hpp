// A small square matrix turned over its diagonal, in registers.
#pragma once

#include <cstdint>
#include <cstring>
#include <utility>

#include "ops/parallel.hpp"

namespace sextant::SEXTANT_VARIANT {

/** Rows and columns of a block: 32 bytes a row, 16 of bytes, whose 32 rows would not fit the registers. */
template <class Element>
inline constexpr int kBlock = sizeof(Element) == 1 ? 16 : 32 / static_cast<int>(sizeof(Element));

template <class Element>
struct BlockRow {
  typedef Element Type __attribute__((vector_size(kBlock<Element> * sizeof(Element))));
};

/** a0 b0 a1 b1 … of the lower halves of two rows (kFrom 0), or of the upper ones. */
template <class Element, std::size_t kFrom, std::size_t... kAt>
inline __attribute__((always_inline)) void interleave(const typename BlockRow<Element>::Type& a,
                                                      const typename BlockRow<Element>::Type& b,
                                                      typename BlockRow<Element>::Type& both,
                                                      std::index_sequence<kAt...>) {
  both = __builtin_shufflevector(a, b, (kFrom + kAt / 2 + (kAt % 2) * sizeof...(kAt))...);
}

/**
 * to[c * to_stride + r] = from[r * from_stride + c]. With each round of interleaving row r and row r + n / 2,
 * the top bit of an element's row becomes the low bit of its column and the other way round; after all of them
 * rows and columns have changed places.
 */
template <class Element>
void transpose_block(const Element* from, std::int64_t from_stride, Element* to,
                     std::int64_t to_stride) {
  constexpr int n = kBlock<Element>;
  using Row = typename BlockRow<Element>::Type;
  constexpr std::make_index_sequence<n> all{};
  Row rows[n];
  for (int r = 0; r < n; ++r) std::memcpy(&rows[r], from + r * from_stride, sizeof(Row));
#pragma GCC unroll 4
  for (int round = 1; round < n; round *= 2) {
    Row next[n];
#pragma GCC unroll 16
    for (int r = 0; r < n / 2; ++r) {
      interleave<Element, 0>(rows[r], rows[r + n / 2], next[2 * r], all);
      interleave<Element, n / 2>(rows[r], rows[r + n / 2], next[2 * r + 1], all);
    }
#pragma GCC unroll 16
    for (int r = 0; r < n; ++r) rows[r] = next[r];
  }
  for (int r = 0; r < n; ++r) std::memcpy(to + r * to_stride, &rows[r], sizeof(Row));
}

}  // namespace sextant::SEXTANT_VARIANT
