#include "addon/environment.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <vector>

#include "addon/job.hpp"

namespace sextant {

namespace {
// An operation stops within a tile and a network at its next node, milliseconds both. This is for the
// node that takes longer: an exit should not hang.
constexpr std::chrono::seconds kPatience{3};
}  // namespace

bool Mailbox::begin() {
  const std::lock_guard lock(mutex_);
  if (wake_ == nullptr) return false;
  ++begun_;
  return true;
}

void Mailbox::post(std::shared_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  --begun_;
  idle_.notify_all();
  if (wake_ == nullptr) return;
  finished_.push_back(std::move(job));
  // Under the lock: close() cannot take the function away in between.
  napi_call_threadsafe_function(wake_, nullptr, napi_tsfn_nonblocking);
}

void Mailbox::close() {
  std::unique_lock lock(mutex_);
  wake_ = nullptr;
  finished_.clear();
  idle_.wait_for(lock, kPatience, [this] { return begun_ == 0; });
}

std::shared_ptr<Job> Mailbox::take() {
  const std::lock_guard lock(mutex_);
  if (finished_.empty()) return nullptr;
  auto job = std::move(finished_.front());
  finished_.pop_front();
  return job;
}

Environment& Environment::of(Napi::Env env) { return *env.GetInstanceData<Environment>(); }

void Environment::attach(Napi::Env env) { env.SetInstanceData(new Environment(env)); }

Environment::Environment(Napi::Env env) : env_(env) {
  const auto deliver = [](napi_env raw, napi_value, void*, void*) {
    if (raw == nullptr) return;  // the environment is closing
    const Napi::Env env(raw);
    auto& environment = Environment::of(env);
    while (const auto job = environment.mailbox->take()) {
      environment.settled(job);
      settle(env, *job);
    }
  };
  const Napi::String name = Napi::String::New(env, "sextant");
  napi_threadsafe_function wake = nullptr;
  NAPI_THROW_IF_FAILED_VOID(
      env, napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr,
                                           nullptr, deliver, &wake));
  napi_unref_threadsafe_function(env, wake);
  mailbox->wake_ = wake;
  // Hooks run last first: this one runs before the function above is destroyed. It is not called by
  // process.exit, which emits 'exit' instead.
  napi_add_env_cleanup_hook(env, [](void* self) { static_cast<Environment*>(self)->close(); }, this);
  const auto process_object = env.Global().Get("process").As<Napi::Object>();
  process_object.Get("once").As<Napi::Function>().Call(
      process_object,
      {Napi::String::New(env, "exit"),
       Napi::Function::New(env, [](const Napi::CallbackInfo& info) { of(info.Env()).close(); })});
}

void Environment::close() {
  for (const auto& job : running_) job->cancellation->request();
  running_.clear();
  mailbox->close();
}

Environment::~Environment() = default;

void Environment::began(const std::shared_ptr<Job>& job) {
  // After 'exit' nothing runs, and nobody is there to settle a promise.
  if (mailbox->wake_ == nullptr) return;
  if (running_.empty()) napi_ref_threadsafe_function(env_, mailbox->wake_);
  running_.push_back(job);
}

void Environment::settled(const std::shared_ptr<Job>& job) {
  const auto place = std::find(running_.begin(), running_.end(), job);
  if (place == running_.end()) return;
  running_.erase(place);
  if (running_.empty()) napi_unref_threadsafe_function(env_, mailbox->wake_);
}

void Environment::cancel(const std::shared_ptr<Cancellation>& cancellation) {
  cancellation->request();
  std::vector<std::shared_ptr<Job>> withdrawn;
  for (const auto& job : running_) {
    const bool waits = job->cancellation == cancellation && job->pool->withdraw(job->ticket);
    if (waits) withdrawn.push_back(job);
  }
  for (const auto& job : withdrawn) {
    job->work = nullptr;
    job->holds.clear();
    job->failure = std::make_exception_ptr(Cancelled{});
    settled(job);
    settle(env_, *job);
  }
}

}  // namespace sextant
