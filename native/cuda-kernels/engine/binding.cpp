#include "engine/binding.hpp"

#include <string>
#include <utility>
#include <vector>

#include "addon/environment.hpp"
#include "addon/errors.hpp"
#include "addon/handle.hpp"
#include "addon/job.hpp"
#include "engine/session.hpp"
#include "ops/operation_error.hpp"
#include "tensor/overlap.hpp"

namespace sextant {
namespace {

struct EngineHandle {
  static constexpr napi_type_tag kTag{0x8c61d0f4725a4e93ULL, 0xb2f7a91c04e85d36ULL};
  Runtime& runtime;
};

struct NetworkHandle {
  static constexpr napi_type_tag kTag{0x3e94b7ad160c4f28ULL, 0xa5d80e6b93f1274cULL};
  std::shared_ptr<const Session> session;  // null once disposed
  int threads;
};

Napi::Value open_engine(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    const Arguments arguments(info);
    RuntimeRequest request{arguments.text("library"), {}, {}};
    if (arguments.has("threads")) request.threads = static_cast<int>(arguments.integer("threads"));
    if (arguments.has("spinning")) request.spinning = arguments.flag("spinning");
    Process& process = *Environment::of(info.Env()).process;
    Runtime& runtime = Runtime::open(request, process.budget.cores());
    process.use_cores(runtime.threads());

    auto answer = Napi::Object::New(info.Env());
    answer.Set("handle", make_handle(info.Env(), std::make_shared<EngineHandle>(runtime)));
    answer.Set("version", runtime.library().version());
    answer.Set("threads", runtime.threads());
    answer.Set("spinning", runtime.spinning());
    return answer;
  });
}

std::vector<ProviderRequest> read_providers(const Napi::Array& array) {
  std::vector<ProviderRequest> providers;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const auto item = array.Get(i).As<Napi::Object>();
    ProviderRequest provider{item.Get("name").ToString().Utf8Value(), {}};
    const auto options = item.Get("options").As<Napi::Object>();
    const Napi::Array keys = options.GetPropertyNames();
    for (std::uint32_t k = 0; k < keys.Length(); ++k) {
      const Napi::Value key = keys.Get(k);
      provider.options.emplace_back(key.ToString().Utf8Value(),
                                    options.Get(key).ToString().Utf8Value());
    }
    providers.push_back(std::move(provider));
  }
  return providers;
}

Napi::Array describe(Napi::Env env, const std::vector<Port>& ports) {
  auto array = Napi::Array::New(env);
  for (const Port& port : ports) {
    auto shape = Napi::Array::New(env);
    for (std::size_t axis = 0; axis < port.shape.size(); ++axis) {
      if (port.shape[axis] < 0) {
        shape.Set(shape.Length(), port.symbols[axis]);
      } else {
        shape.Set(shape.Length(), static_cast<double>(port.shape[axis]));
      }
    }
    auto item = Napi::Object::New(env);
    item.Set("name", port.name);
    item.Set("dtype", port.dtype);
    item.Set("shape", shape);
    array.Set(array.Length(), item);
  }
  return array;
}

Napi::Value describe(Napi::Env env, std::shared_ptr<const Session> session, int threads) {
  auto answer = Napi::Object::New(env);
  answer.Set("inputs", describe(env, session->inputs()));
  answer.Set("outputs", describe(env, session->outputs()));
  answer.Set("device", session->device());
  auto warnings = Napi::Array::New(env);
  for (const std::string& warning : session->warnings()) warnings.Set(warnings.Length(), warning);
  answer.Set("warnings", warnings);
  answer.Set("handle", make_handle(env, std::make_shared<NetworkHandle>(session, threads)));
  return answer;
}

Napi::Value load_network(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    Arguments arguments(info);
    Runtime& runtime =
        from_handle<EngineHandle>(arguments.object().Get("engine"), "engine")->runtime;
    LoadRequest request{arguments.text("modelPath"), {}, arguments.flag("strict")};
    request.providers = read_providers(arguments.object().Get("providers").As<Napi::Array>());
    return enqueue(arguments, Lane{true, 1},
                   [request = std::move(request), &runtime](const Run& run) -> Answer {
                     std::shared_ptr<const Session> session =
                         Session::load(runtime, request, run.cancellation);
                     return [session, threads = runtime.threads()](Napi::Env env) {
                       return describe(env, session, threads);
                     };
                   });
  });
}

std::vector<BoundTensor> read_tensors(Arguments& arguments, const char* member) {
  const auto array = arguments.object().Get(member).As<Napi::Array>();
  std::vector<BoundTensor> tensors;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const auto item = array.Get(i).As<Napi::Object>();
    const std::string name = item.Get("name").ToString().Utf8Value();
    const TensorView view = arguments.tensor_of(item.Get("tensor"), name.c_str());
    if (!is_dense_c(view)) {
      throw OperationError("ARGUMENT_INVALID", name, "a strided view", "a dense tensor in C order");
    }
    tensors.push_back({name, view});
  }
  return tensors;
}

void require_own_memory(const BoundTensor& output, const std::vector<BoundTensor>& others) {
  for (const BoundTensor& other : others) {
    if (&other != &output && spans_overlap(output.view, other.view)) {
      throw OperationError("ARGUMENT_INVALID", output.name, "memory of " + other.name,
                           "memory of its own");
    }
  }
}

Napi::Value run_network(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    Arguments arguments(info);
    const auto network =
        from_handle<NetworkHandle>(arguments.object().Get("network"), "network");
    if (network->session == nullptr) {
      throw OperationError("NETWORK_DISPOSED", "network", "a disposed network", "a live network");
    }
    auto inputs = read_tensors(arguments, "inputs");
    auto outputs = read_tensors(arguments, "outputs");
    for (const BoundTensor& output : outputs) {
      require_own_memory(output, inputs);
      require_own_memory(output, outputs);
    }
    // The job holds the session, so disposing the network meanwhile only gives up the handle's part.
    return enqueue(arguments, Lane{true, network->threads},
                   [session = network->session, inputs = std::move(inputs),
                    outputs = std::move(outputs)](const Run& run) {
                     session->run(inputs, outputs, run.cancellation);
                   });
  });
}

Napi::Value dispose_network(const Napi::CallbackInfo& info) {
  return guarded(info.Env(), [&]() -> Napi::Value {
    from_handle<NetworkHandle>(info[0], "network")->session.reset();
    return info.Env().Undefined();
  });
}

}  // namespace

void register_engine(Napi::Env env, Napi::Object exports) {
  exports.Set("openEngine", Napi::Function::New(env, open_engine));
  exports.Set("loadNetwork", Napi::Function::New(env, load_network));
  exports.Set("runNetwork", Napi::Function::New(env, run_network));
  exports.Set("disposeNetwork", Napi::Function::New(env, dispose_network));
}

}  // namespace sextant
