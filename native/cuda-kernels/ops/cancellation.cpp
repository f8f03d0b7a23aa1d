#include "ops/cancellation.hpp"

namespace sextant {

void Cancellation::request() {
  const std::lock_guard lock(mutex_);
  if (flag_.exchange(true)) return;
  for (const auto& reaction : listeners_) reaction();
}

CancellationListener::CancellationListener(const Cancellation& cancellation,
                                           std::function<void()> reaction)
    : cancellation_(cancellation) {
  const std::lock_guard lock(cancellation.mutex_);
  place_ = cancellation.listeners_.insert(cancellation.listeners_.end(), std::move(reaction));
  if (cancellation.requested()) (*place_)();
}

CancellationListener::~CancellationListener() {
  const std::lock_guard lock(cancellation_.mutex_);
  cancellation_.listeners_.erase(place_);
}

}  // namespace sextant
