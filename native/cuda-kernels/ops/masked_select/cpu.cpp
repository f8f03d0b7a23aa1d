#include <vector>

#include "ops/masked_select/masked_select.hpp"
#include "tensor/element_offset.hpp"

namespace sextant::masked_select::SEXTANT_VARIANT {
namespace {

using sextant::SEXTANT_VARIANT::element_offset;

/** About this many elements are counted, and then copied, at once. */
constexpr std::int64_t kChunkElements = 32768;

/** The rows of two views of one shape: what lies along their last axis. */
struct Rows {
  explicit Rows(const Request& request)
      : input(without_last(request.input)),
        mask(without_last(request.mask)),
        length(last(request.mask, request.mask.shape, 1)),
        input_step(last(request.input, request.input.strides, 0)),
        mask_step(last(request.mask, request.mask.strides, 0)),
        count(element_count(mask)),
        per_chunk(1 + kChunkElements / (length + 1)),
        chunks((count + per_chunk - 1) / per_chunk) {}

  TensorView input, mask;
  std::int64_t length, input_step, mask_step, count, per_chunk, chunks;

 private:
  static TensorView without_last(TensorView view) {
    if (view.rank > 0) --view.rank;
    return view;
  }
  static std::int64_t last(const TensorView& view, const std::int64_t (&of)[kMaxRank],
                           std::int64_t without) {
    return view.rank > 0 ? of[view.rank - 1] : without;
  }
};

std::int64_t count_row(const std::uint8_t* mask, std::int64_t step, std::int64_t length) {
  std::int64_t count = 0;
  if (step == 1) {
    for (std::int64_t i = 0; i < length; ++i) count += mask[i] != 0;
  } else {
    for (std::int64_t i = 0; i < length; ++i) count += mask[i * step] != 0;
  }
  return count;
}

/** Writes one element more than it keeps: `to` needs room for it, which the next row overwrites. */
template <class Element>
Element* copy_row(const Rows& rows, const Element* from, const std::uint8_t* mask, Element* to,
                  const Element* end) {
  for (std::int64_t i = 0; i < rows.length && to < end; ++i) {
    *to = from[i * rows.input_step];
    to += mask[i * rows.mask_step] != 0;
  }
  return to;
}

}  // namespace

std::int64_t apply(const Request& request, const Run& run) {
  const Rows rows(request);
  const auto* mask = static_cast<const std::uint8_t*>(request.mask.data);
  // Of each chunk how many come before it; at first how many it has.
  std::vector<std::int64_t> first(static_cast<std::size_t>(rows.chunks) + 1);
  const auto each_row = [&](std::int64_t chunk, const auto& visit) {
    const std::int64_t begin = chunk * rows.per_chunk;
    const std::int64_t end = begin + rows.per_chunk < rows.count ? begin + rows.per_chunk : rows.count;
    for (std::int64_t row = begin; row < end; ++row) {
      visit(row, mask + element_offset(rows.mask, row));
    }
  };
  parallel_for(rows.chunks, 1, run, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t chunk = begin; chunk < end; ++chunk) {
      std::int64_t count = 0;
      each_row(chunk, [&](std::int64_t, const std::uint8_t* row_mask) {
        count += count_row(row_mask, rows.mask_step, rows.length);
      });
      first[static_cast<std::size_t>(chunk) + 1] = count;
    }
  });
  for (std::size_t chunk = 1; chunk < first.size(); ++chunk) first[chunk] += first[chunk - 1];
  const std::int64_t total = first.back();
  if (total != request.output.shape[0]) return total;
  with_element_size(request.input.dtype, [&]<class Element>() {
    const auto* from = static_cast<const Element*>(request.input.data);
    auto* to = static_cast<Element*>(request.output.data);
    parallel_for(rows.chunks, 1, run, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t chunk = begin; chunk < end; ++chunk) {
        Element* next = to + first[static_cast<std::size_t>(chunk)];
        const Element* beyond = to + first[static_cast<std::size_t>(chunk) + 1];
        each_row(chunk, [&](std::int64_t row, const std::uint8_t* row_mask) {
          next = copy_row(rows, from + element_offset(rows.input, row), row_mask, next, beyond);
        });
      }
    });
  });
  return total;
}

}  // namespace sextant::masked_select::SEXTANT_VARIANT
