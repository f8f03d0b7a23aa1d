// Maps of an element's value and of its place in the tensor: noise, and a smooth field over the volume.
#pragma once

#include "ops/parallel.hpp"
#include "ops/philox.hpp"
#include "tensor/element_offset.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant::indexed_map {

/** The order is contract with index.ts. */
enum class Map : int { noise, bias };

/** Terms P_a(x) P_b(y) P_c(z) of Legendre polynomials with a + b + c <= 3. */
constexpr int kTerms = 20;

/** Input and output have one shape and are apart, or the same elements (in place). */
struct Request {
  TensorView input;
  TensorView output;  // float32
  Map map;
  // noise: x + scale * normal; the first word of the counter is the element's.
  double scale;
  PhiloxKey key;
  Words4 counter;
  // bias: x * exp(sum of the terms), the last three axes from -1 to 1.
  double terms[kTerms];
};

SEXTANT_TARGETS(void apply(const Request& request, const Run& run))

inline void apply(const Request& request, const Run& run) {
  SEXTANT_PICK(run.target, apply)(request, run);
}

}  // namespace sextant::indexed_map

namespace sextant::indexed_map::SEXTANT_VARIANT {

/** From -1 at the first to 1 at the last of n; 0 where there is one. */
SEXTANT_HD double along(std::int64_t i, std::int64_t n) {
  return n > 1 ? -1.0 + 2.0 * static_cast<double>(i) / static_cast<double>(n - 1) : 0.0;
}

/** P_0 to P_3 at x. */
struct Legendre {
  double p[4];

  SEXTANT_HD explicit Legendre(double x)
      : p{1.0, x, 0.5 * (3.0 * x * x - 1.0), 0.5 * (5.0 * x * x * x - 3.0 * x)} {}
};

SEXTANT_HD double bias_at(const Request& r, std::int64_t index) {
  const TensorView& v = r.output;
  const std::int64_t nz = v.shape[v.rank - 1];
  const std::int64_t ny = v.shape[v.rank - 2];
  const std::int64_t nx = v.shape[v.rank - 3];
  const Legendre z(along(index % nz, nz));
  const Legendre y(along(index / nz % ny, ny));
  const Legendre x(along(index / nz / ny % nx, nx));
  double sum = 0;
  int term = 0;
  for (int a = 0; a <= 3; ++a) {
    for (int b = 0; a + b <= 3; ++b) {
      for (int c = 0; a + b + c <= 3; ++c) sum += r.terms[term++] * ((x.p[a] * y.p[b]) * z.p[c]);
    }
  }
  return exp(sum);
}

/** The new value of element number `index`, counted in C order. */
SEXTANT_HD float value_at(const Request& r, double x, std::int64_t index) {
  using namespace sextant::SEXTANT_VARIANT;
  if (r.map == Map::bias) return static_cast<float>(x * bias_at(r, index));
  const auto element = static_cast<std::uint64_t>(index);
  return static_cast<float>(x + r.scale * normal_at(r.counter, r.key, element));
}

}  // namespace sextant::indexed_map::SEXTANT_VARIANT
