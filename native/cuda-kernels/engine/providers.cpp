#include "engine/providers.hpp"

#include "ops/operation_error.hpp"

namespace sextant {
namespace {

/** The option names and values as the C API takes them: two arrays of C strings. */
struct OptionArrays {
  explicit OptionArrays(const std::vector<std::pair<std::string, std::string>>& options) {
    for (const auto& [key, value] : options) {
      keys.push_back(key.c_str());
      values.push_back(value.c_str());
    }
  }
  std::vector<const char*> keys;
  std::vector<const char*> values;
};

template <typename Options, typename Create, typename Update, typename Append, typename Release>
void append(const Library& library, ort::SessionOptions* session, const ProviderRequest& request) {
  Owned<Options, Release> options(library);
  library.call<Create>(options.out());
  const OptionArrays arrays(request.options);
  if (!arrays.keys.empty()) {
    library.call<Update>(options.get(), arrays.keys.data(), arrays.values.data(),
                         arrays.keys.size());
  }
  library.call<Append>(session, options.get());
}

void append_by_name(const Library& library, ort::SessionOptions* session,
                  const ProviderRequest& request) {
  if (request.name == "cuda") {
    append<ort::CUDAProviderOptions, ort::CreateCUDAProviderOptions, ort::UpdateCUDAProviderOptions,
           ort::AppendCUDA, ort::ReleaseCUDAProviderOptions>(library, session, request);
  } else if (request.name == "tensorrt") {
    append<ort::TensorRTProviderOptions, ort::CreateTensorRTProviderOptions,
           ort::UpdateTensorRTProviderOptions, ort::AppendTensorRT,
           ort::ReleaseTensorRTProviderOptions>(library, session, request);
  } else {
    throw OperationError("ARGUMENT_INVALID", "providers", request.name, "cpu, cuda or tensorrt");
  }
}

}  // namespace

AppendedProviders append_providers(const Library& library, ort::SessionOptions* options,
                                  const std::vector<ProviderRequest>& requests, bool strict) {
  AppendedProviders appended;
  for (const ProviderRequest& request : requests) {
    if (request.name == "cpu") break;
    try {
      append_by_name(library, options, request);
      appended.names.push_back(request.name);
    } catch (const OrtFailure& failure) {
      const std::string subject = "provider '" + request.name + "'";
      if (strict) {
        throw OperationError("ENGINE_UNAVAILABLE", subject, failure.what(), "to be available");
      }
      appended.warnings.push_back(subject + " is not available: " + failure.what());
    }
  }
  return appended;
}

}  // namespace sextant
