#include "engine/runtime.hpp"

#include <cstdlib>
#include <mutex>

#include "ops/operation_error.hpp"
#include "ops/thread_name.hpp"

namespace sextant {
namespace {

/**
 * Since 1.30 the official Linux library posts usage events to its maker's server from the moment its
 * environment is made, keeps an id of the machine in the user's cache and logs into the temporary
 * folder. It looks at this variable before it begins any of that.
 */
void forbid_telemetry() { setenv("ORT_DISABLE_TELEMETRY", "1", 1); }

}  // namespace

Runtime& Runtime::open(const RuntimeRequest& request, int default_threads) {
  static std::mutex opening;
  static Runtime* runtime = nullptr;
  std::lock_guard<std::mutex> lock(opening);
  if (runtime != nullptr) {
    runtime->require_agreement(request);
    return *runtime;
  }
  forbid_telemetry();
  runtime = new Runtime(Library::open(request.library_path),
                        request.threads.value_or(default_threads), request.spinning.value_or(false));
  return *runtime;
}

Runtime::Runtime(std::unique_ptr<const Library> library, int threads, bool spinning)
    : library_(std::move(library)), threads_(threads), spinning_(spinning) {
  try {
    Owned<ort::ThreadingOptions, ort::ReleaseThreadingOptions> options(*library_);
    library_->call<ort::CreateThreadingOptions>(options.out());
    library_->call<ort::SetGlobalIntraOpNumThreads>(options.get(), threads);
    // Sessions run their nodes one after another, so a second pool would never be used.
    library_->call<ort::SetGlobalInterOpNumThreads>(options.get(), 1);
    library_->call<ort::SetGlobalSpinControl>(options.get(), spinning ? 1 : 0);
    const ThreadName named("sextant-ort");
    library_->call<ort::CreateEnvWithGlobalThreadPools>(ort::LoggingLevel::fatal, "sextant",
                                                        options.get(), &env_);
    library_->call<ort::DisableTelemetryEvents>(env_);
  } catch (const OrtFailure& failure) {
    throw OperationError("ENGINE_UNAVAILABLE", library_->path(), failure.what(),
                         "to start its thread pool");
  }
}

void Runtime::require_agreement(const RuntimeRequest& request) const {
  const std::string already = " (this process has its engine already)";
  if (request.library_path != library_->path()) {
    throw OperationError("CONFIG_INVALID", "onnxruntime", request.library_path,
                         library_->path() + already);
  }
  if (request.threads && *request.threads != threads_) {
    throw OperationError("CONFIG_INVALID", "threads", std::to_string(*request.threads),
                         std::to_string(threads_) + already);
  }
  if (request.spinning && *request.spinning != spinning_) {
    throw OperationError("CONFIG_INVALID", "spinning", spinning_ ? "false" : "true",
                         (spinning_ ? "true" : "false") + already);
  }
}

}  // namespace sextant
