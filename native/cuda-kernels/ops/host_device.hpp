#pragma once

// SEXTANT_HD marks the arithmetic that CPU, CUDA and the emulated grid share. Such functions live in
// `namespace SEXTANT_VARIANT`, which each compilation names after itself (baseline, avx2, avx512,
// emulated, cuda): one inline name compiled under two sets of -m flags would be merged by the linker,
// and a machine without AVX would then run AVX code.

#ifdef __CUDACC__
#define SEXTANT_HD __host__ __device__ __forceinline__
#else
#define SEXTANT_HD inline __attribute__((always_inline))
#endif

#ifndef SEXTANT_VARIANT
#define SEXTANT_VARIANT portable
#endif
