#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/library.hpp"

namespace sextant {

struct RuntimeRequest {
  std::string library_path;
  std::optional<int> threads;  // of the global pool, the caller's own included
  std::optional<bool> spinning;  // whether idle threads of the pool wait by spinning
};

/** ONNX Runtime's environment: one per process, with one thread pool that all sessions share. */
class Runtime {
 public:
  /**
   * The process's runtime, made by the first call. A later call joins it: what it leaves out is as
   * the first call had it, what it names must agree, or OperationError CONFIG_INVALID is thrown.
   * The runtime is never destroyed: a run may be in flight when the process ends, and ending the
   * library beneath it would crash what is otherwise a clean exit.
   *
   * The library itself has one environment: whoever made it first (onnxruntime-node's own binding over
   * the same file, say) decided about its thread pool, and without one no session of ours loads.
   */
  static Runtime& open(const RuntimeRequest& request, int default_threads);

  const Library& library() const { return *library_; }
  const ort::Env* env() const { return env_; }
  int threads() const { return threads_; }
  bool spinning() const { return spinning_; }

 private:
  Runtime(std::unique_ptr<const Library> library, int threads, bool spinning);
  void require_agreement(const RuntimeRequest& request) const;

  std::unique_ptr<const Library> library_;
  int threads_;
  bool spinning_;
  ort::Env* env_ = nullptr;
};

}  // namespace sextant
