#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/providers.hpp"
#include "engine/runtime.hpp"
#include "ops/cancellation.hpp"
#include "tensor/tensor_view.hpp"

namespace sextant {

/** One input or output, as the model declares it. */
struct Port {
  std::string name;
  std::string dtype;  // 'float32', …; 'sequence' for what is no tensor
  std::vector<std::int64_t> shape;  // -1 where the model leaves the size open
  std::vector<std::string> symbols;  // per dimension its name, empty when fixed or anonymous
};

/** A tensor for one port. The view must be dense in C order and outlive the run. */
struct BoundTensor {
  std::string name;
  TensorView view;
};

struct LoadRequest {
  std::string model_path;
  std::vector<ProviderRequest> providers;  // in order of preference; the CPU stands behind them
  bool strict = false;  // a provider that is missing is an error
};

/** A network in memory, ready to run on tensors of the caller. */
class Session {
 public:
  /**
   * Reads the model and prepares it for its providers; may take seconds. Throws OperationError:
   * MODEL_INVALID, or ENGINE_UNAVAILABLE where `strict` insists on a provider.
   * Weights outside the model file are read from the model's own folder alone: the library (1.30
   * and later) refuses paths that leave it, symbolic links included.
   * Throws Cancelled when the cancellation came before the end; libraries from 1.22 on stop for it.
   */
  static std::shared_ptr<Session> load(const Runtime& runtime, const LoadRequest& request,
                                       const Cancellation& cancellation);

  const std::vector<Port>& inputs() const { return inputs_; }
  const std::vector<Port>& outputs() const { return outputs_; }
  /** The first provider that was appended, or 'cpu'. */
  const std::string& device() const { return device_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

  /**
   * Runs the network from and into the caller's memory, on the calling thread and the runtime's
   * pool. Concurrent runs are allowed. Throws OperationError ENGINE_FAILED, or Cancelled when the
   * cancellation came before the end (the run then ends at the next node).
   */
  void run(const std::vector<BoundTensor>& inputs, const std::vector<BoundTensor>& outputs,
           const Cancellation& cancellation) const;

 private:
  Session(const Runtime& runtime, Owned<ort::Session, ort::ReleaseSession> session,
          AppendedProviders providers);
  std::vector<Port> describe(bool of_inputs) const;

  const Runtime& runtime_;
  Owned<ort::Session, ort::ReleaseSession> session_;
  std::string device_;
  std::vector<std::string> warnings_;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
};

}  // namespace sextant
