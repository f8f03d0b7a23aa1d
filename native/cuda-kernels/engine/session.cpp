#include "engine/session.hpp"

#include <cstdint>

#include "engine/element_types.hpp"
#include "ops/operation_error.hpp"

namespace sextant {
namespace {

using SessionOptions = Owned<ort::SessionOptions, ort::ReleaseSessionOptions>;
using SessionHandle = Owned<ort::Session, ort::ReleaseSession>;

SessionOptions make_options(const Library& library) {
  SessionOptions options(library);
  library.call<ort::CreateSessionOptions>(options.out());
  library.call<ort::DisablePerSessionThreads>(options.get());
  library.call<ort::SetSessionGraphOptimizationLevel>(options.get(), ort::GraphOptimization::all);
  return options;
}

SessionHandle create(const Runtime& runtime, const std::string& model_path,
                     const SessionOptions& options, const Cancellation& cancellation) {
  const Library& library = runtime.library();
  SessionHandle session(library);
  const CancellationListener stop(cancellation, [&] {
    if (library.minor_version() < ort::kLoadCancellationMinorVersion) return;
    library.call<ort::SessionOptionsSetLoadCancellationFlag>(options.get(), true);
  });
  cancellation.throw_if_requested();
  library.call<ort::CreateSession>(runtime.env(), model_path.c_str(), options.get(), session.out());
  cancellation.throw_if_requested();
  return session;
}

/**
 * A provider can also fail here: its library is present, its device is not. Where the model loads
 * without it, the provider was at fault, and the CPU takes over (or, with `strict`, nothing does).
 */
SessionHandle create_or_fall_back(const Runtime& runtime, const LoadRequest& request,
                                  const SessionOptions& options, AppendedProviders& providers,
                                  const Cancellation& cancellation) {
  try {
    return create(runtime, request.model_path, options, cancellation);
  } catch (const OrtFailure& failure) {
    cancellation.throw_if_requested();
    if (providers.names.empty()) throw;
    SessionHandle session =
        create(runtime, request.model_path, make_options(runtime.library()), cancellation);
    const std::string subject = "provider '" + providers.names.front() + "'";
    if (request.strict) {
      throw OperationError("ENGINE_UNAVAILABLE", subject, failure.what(), "to run this model");
    }
    providers.names.clear();
    providers.warnings.push_back(subject + " cannot run this model: " + failure.what());
    return session;
  }
}

/** Binds each tensor to its port and keeps the library's values over them alive for the run. */
class Binding {
 public:
  Binding(const Library& library, ort::Session* session)
      : library_(library), memory_(library), binding_(library) {
    library.call<ort::CreateCpuMemoryInfo>(ort::AllocatorType::arena, ort::MemType::byDefault,
                                           memory_.out());
    library.call<ort::CreateIoBinding>(session, binding_.out());
  }

  template <typename Bind>
  void bind(const std::vector<BoundTensor>& tensors) {
    for (const BoundTensor& tensor : tensors) {
      library_.call<Bind>(binding_.get(), tensor.name.c_str(), value(tensor.view));
    }
  }

  const ort::IoBinding* get() const { return binding_.get(); }

 private:
  ort::Value* value(const TensorView& view) {
    values_.emplace_back(library_);
    library_.call<ort::CreateTensorWithDataAsOrtValue>(
        memory_.get(), view.data,
        static_cast<std::size_t>(element_count(view) * size_of(view.dtype)),
        view.shape, static_cast<std::size_t>(view.rank), element_type(view.dtype),
        values_.back().out());
    return values_.back().get();
  }

  const Library& library_;
  Owned<ort::MemoryInfo, ort::ReleaseMemoryInfo> memory_;
  std::vector<Owned<ort::Value, ort::ReleaseValue>> values_;
  Owned<ort::IoBinding, ort::ReleaseIoBinding> binding_;
};

std::string port_name(const Library& library, const ort::Session* session, std::size_t index,
                     bool of_inputs) {
  ort::Allocator* allocator = nullptr;
  library.call<ort::GetAllocatorWithDefaultOptions>(&allocator);
  char* text = nullptr;
  if (of_inputs) {
    library.call<ort::SessionGetInputName>(session, index, allocator, &text);
  } else {
    library.call<ort::SessionGetOutputName>(session, index, allocator, &text);
  }
  std::string name(text);
  library.call<ort::AllocatorFree>(allocator, text);
  return name;
}

void describe_tensor(const Library& library, const ort::TypeInfo* type, Port& port) {
  const ort::TensorTypeAndShapeInfo* tensor = nullptr;
  library.call<ort::CastTypeInfoToTensorInfo>(type, &tensor);
  if (tensor == nullptr) {
    port.dtype = "sequence";
    return;
  }
  ort::ElementType element = 0;
  std::size_t rank = 0;
  library.call<ort::GetTensorElementType>(tensor, &element);
  library.call<ort::GetDimensionsCount>(tensor, &rank);
  port.dtype = element_name(element);
  port.shape.resize(rank);
  library.call<ort::GetDimensions>(tensor, port.shape.data(), rank);
  std::vector<const char*> symbols(rank);
  library.call<ort::GetSymbolicDimensions>(tensor, symbols.data(), rank);
  port.symbols.assign(symbols.begin(), symbols.end());
}

}  // namespace

std::shared_ptr<Session> Session::load(const Runtime& runtime, const LoadRequest& request,
                                       const Cancellation& cancellation) {
  const Library& library = runtime.library();
  try {
    const SessionOptions options = make_options(library);
    AppendedProviders providers =
        append_providers(library, options.get(), request.providers, request.strict);
    SessionHandle session =
        create_or_fall_back(runtime, request, options, providers, cancellation);
    return std::shared_ptr<Session>(
        new Session(runtime, std::move(session), std::move(providers)));
  } catch (const OrtFailure& failure) {
    cancellation.throw_if_requested();
    throw OperationError("MODEL_INVALID", request.model_path, failure.what(),
                         "an ONNX model that ONNX Runtime " + library.version() + " can run");
  }
}

Session::Session(const Runtime& runtime, SessionHandle session, AppendedProviders providers)
    : runtime_(runtime),
      session_(std::move(session)),
      device_(providers.names.empty() ? "cpu" : providers.names.front()),
      warnings_(std::move(providers.warnings)),
      inputs_(describe(true)),
      outputs_(describe(false)) {}

std::vector<Port> Session::describe(bool of_inputs) const {
  const Library& library = runtime_.library();
  std::size_t count = 0;
  if (of_inputs) {
    library.call<ort::SessionGetInputCount>(session_.get(), &count);
  } else {
    library.call<ort::SessionGetOutputCount>(session_.get(), &count);
  }
  std::vector<Port> ports(count);
  for (std::size_t i = 0; i < count; ++i) {
    Owned<ort::TypeInfo, ort::ReleaseTypeInfo> type(library);
    if (of_inputs) {
      library.call<ort::SessionGetInputTypeInfo>(session_.get(), i, type.out());
    } else {
      library.call<ort::SessionGetOutputTypeInfo>(session_.get(), i, type.out());
    }
    ports[i].name = port_name(library, session_.get(), i, of_inputs);
    describe_tensor(library, type.get(), ports[i]);
  }
  return ports;
}

void Session::run(const std::vector<BoundTensor>& inputs, const std::vector<BoundTensor>& outputs,
                  const Cancellation& cancellation) const {
  const Library& library = runtime_.library();
  try {
    Binding binding(library, session_.get());
    binding.bind<ort::BindInput>(inputs);
    binding.bind<ort::BindOutput>(outputs);
    Owned<ort::RunOptions, ort::ReleaseRunOptions> options(library);
    library.call<ort::CreateRunOptions>(options.out());
    const CancellationListener stop(
        cancellation, [&] { library.call<ort::RunOptionsSetTerminate>(options.get()); });
    cancellation.throw_if_requested();
    library.call<ort::RunWithBinding>(session_.get(), options.get(), binding.get());
  } catch (const OrtFailure& failure) {
    cancellation.throw_if_requested();
    throw OperationError("ENGINE_FAILED", "network", failure.what(), "to run to its end");
  }
}

}  // namespace sextant
