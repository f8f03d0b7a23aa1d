// An ONNX Runtime whose CUDA and TensorRT providers take every option, write down what they are asked, and
// run nothing: all else is the real library's, so a network is loaded and runs on the CPU. For tests: a
// library with these providers is not to be had without a GPU.
//
//   STAND_IN_LIBRARY  the real library
//   STAND_IN_RECORD   the file that lines are added to
//   STAND_IN_ABSENT   a provider that cannot be appended, as where its files are missing

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Places in OrtApi, as engine/ort_api.hpp has them.
enum {
  kCreateStatus = 0,
  kAppendTensorRT = 170,
  kCreateTensorRT = 171,
  kUpdateTensorRT = 172,
  kReleaseTensorRT = 174,
  kAppendCUDA = 204,
  kCreateCUDA = 205,
  kUpdateCUDA = 206,
  kReleaseCUDA = 208,
  kFunctions = 294,
};

typedef struct {
  const void* const* (*get_api)(uint32_t);
  const char* (*get_version)(void);
} ApiBase;

static void* api[kFunctions];
static const ApiBase* real_base;
static int live_options;

static void record(const char* provider, const char* what, const char* more) {
  FILE* file = fopen(getenv("STAND_IN_RECORD"), "a");
  if (file == NULL) abort();
  fprintf(file, "%s %s%s%s\n", provider, what, more[0] == '\0' ? "" : " ", more);
  fclose(file);
}

static void* append(const char* provider) {
  const char* absent = getenv("STAND_IN_ABSENT");
  if (absent != NULL && strcmp(absent, provider) == 0) {
    void* (*create_status)(int, const char*) = (void* (*)(int, const char*))api[kCreateStatus];
    return create_status(1, "[ONNXRuntimeError] : 1 : FAIL : Failed to load shared library");
  }
  record(provider, "appended", "");
  return NULL;
}

static void* update(const char* provider, const char* const* keys, const char* const* values, size_t count) {
  for (size_t n = 0; n < count; ++n) {
    char line[4096];
    snprintf(line, sizeof line, "%s=%s", keys[n], values[n]);
    record(provider, "option", line);
  }
  return NULL;
}

static void* create(void** options) {
  *options = malloc(1);
  ++live_options;
  return NULL;
}

static void release(const char* provider, void* options) {
  if (options == NULL) return;
  free(options);
  --live_options;
  if (live_options == 0) record(provider, "released", "");
}

static void* append_cuda(void* session, const void* options) {
  (void)session;
  return options == NULL ? abort(), NULL : append("cuda");
}
static void* append_tensorrt(void* session, const void* options) {
  (void)session;
  return options == NULL ? abort(), NULL : append("tensorrt");
}
static void* update_cuda(void* options, const char* const* keys, const char* const* values, size_t count) {
  (void)options;
  return update("cuda", keys, values, count);
}
static void* update_tensorrt(void* options, const char* const* keys, const char* const* values, size_t count) {
  (void)options;
  return update("tensorrt", keys, values, count);
}
static void release_cuda(void* options) { release("cuda", options); }
static void release_tensorrt(void* options) { release("tensorrt", options); }

static const void* const* get_api(uint32_t version) {
  const void* const* real = real_base->get_api(version);
  if (real == NULL) return NULL;
  // The table of a library that has version 11 reaches as far as the functions that are replaced; the
  // engine asks for none beyond, but for one that it calls by the library's own version.
  memcpy(api, real, sizeof api);
  api[kAppendCUDA] = (void*)append_cuda;
  api[kCreateCUDA] = (void*)create;
  api[kUpdateCUDA] = (void*)update_cuda;
  api[kReleaseCUDA] = (void*)release_cuda;
  api[kAppendTensorRT] = (void*)append_tensorrt;
  api[kCreateTensorRT] = (void*)create;
  api[kUpdateTensorRT] = (void*)update_tensorrt;
  api[kReleaseTensorRT] = (void*)release_tensorrt;
  return (const void* const*)api;
}

static const char* get_version(void) { return real_base->get_version(); }

const ApiBase* OrtGetApiBase(void) {
  static const ApiBase base = {get_api, get_version};
  void* handle = dlopen(getenv("STAND_IN_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return NULL;
  const ApiBase* (*real)(void) = (const ApiBase* (*)(void))dlsym(handle, "OrtGetApiBase");
  real_base = real();
  return &base;
}
