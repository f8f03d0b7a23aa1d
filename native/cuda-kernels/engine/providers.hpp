#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/library.hpp"

namespace sextant {

/** What shall run a network's nodes. */
struct ProviderRequest {
  std::string name;  // 'cpu', 'cuda' or 'tensorrt'
  std::vector<std::pair<std::string, std::string>> options;  // passed through as they are
};

struct AppendedProviders {
  std::vector<std::string> names;  // in order; empty when only the CPU is left
  std::vector<std::string> warnings;  // one sentence for each that could not be appended
};

/**
 * Appends the providers to a session's options in the order asked for, up to the CPU, behind which
 * nothing could ever run. Appending is the only evidence that a provider exists: the library's own
 * list also names those whose files are missing. With `strict`, one that cannot be appended throws
 * OperationError ENGINE_UNAVAILABLE; without, it becomes a warning.
 */
AppendedProviders append_providers(const Library& library, ort::SessionOptions* options,
                                  const std::vector<ProviderRequest>& requests, bool strict);

}  // namespace sextant
