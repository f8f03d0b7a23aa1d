#include "engine/library.hpp"

#include <dlfcn.h>

#include <cstdlib>

#include "ops/operation_error.hpp"

namespace sextant {
namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& got) {
  throw OperationError("ENGINE_UNAVAILABLE", path, got,
                       std::string("ONNX Runtime ") + ort::kLowestLibraryVersion +
                           " or later (C API " + std::to_string(ort::kLowestApiVersion) + ")");
}

/** The library's sentence without the place in its own source that stands before it. */
std::string without_source_place(const std::string& message) {
  const std::size_t mark = message.rfind("[ONNXRuntimeError] : ");
  if (mark == std::string::npos) return message;
  // "[ONNXRuntimeError] : 1 : FAIL : what happened"
  std::size_t begin = mark;
  for (int colons = 0; colons < 3; ++colons) {
    const std::size_t colon = message.find(" : ", begin);
    if (colon == std::string::npos) return message;
    begin = colon + 3;
  }
  return message.substr(begin);
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace

std::unique_ptr<const Library> Library::open(const std::string& path) {
  // RTLD_LOCAL keeps its symbols from meeting those of another copy (onnxruntime-node's own
  // binding). There is no dlclose: its threads may outlive every session.
  void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = dlerror();
    refuse(path, std::string("a file that cannot be loaded: ") + (why == nullptr ? "" : why));
  }
  using GetApiBase = const ort::ApiBase* (*)();
  const auto get_api_base = reinterpret_cast<GetApiBase>(dlsym(handle, "OrtGetApiBase"));
  if (get_api_base == nullptr) refuse(path, "a library without OrtGetApiBase");
  const ort::ApiBase* base = get_api_base();
  const std::string version = base->GetVersionString();
  const void* const* table = base->GetApi(ort::kLowestApiVersion);
  if (table == nullptr) refuse(path, "ONNX Runtime " + version);
  return std::unique_ptr<const Library>(new Library(path, version, table));
}

int Library::minor_version() const {
  const std::size_t dot = version_.find('.');
  return dot == std::string::npos ? 0 : std::atoi(version_.c_str() + dot + 1);
}

void Library::throw_if_failed(ort::Status* status) const {
  if (status == nullptr) return;
  const std::string message = ort::GetErrorMessage::call(table_, status);
  ort::ReleaseStatus::call(table_, status);
  throw OrtFailure(trimmed(without_source_place(message)));
}

}  // namespace sextant
