#pragma once

#include <napi.h>

#include <condition_variable>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "addon/process.hpp"
#include "ops/cancellation.hpp"
#include "ops/target.hpp"

namespace sextant {

struct Job;

/**
 * Where finished jobs wait for the JavaScript thread. Shared by an environment and its jobs: a job
 * that ends after its environment finds the mailbox closed and is dropped.
 */
class Mailbox {
 public:
  /** A pool thread asks before it runs a job: false when the environment has closed. */
  bool begin();
  /** After each begin(), from the same thread, when it has let go of everything that the job used. */
  void post(std::shared_ptr<Job> job);
  std::shared_ptr<Job> take();
  /** No job begins any more. Waits for those that have begun, but not for ever. */
  void close();

 private:
  friend class Environment;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::deque<std::shared_ptr<Job>> finished_;
  int begun_ = 0;
  // Null after the environment has closed.
  napi_threadsafe_function wake_ = nullptr;
};

/** The addon's state in one environment; nothing of it is static. */
class Environment {
 public:
  static Environment& of(Napi::Env env);
  static void attach(Napi::Env env);
  ~Environment();

  const std::shared_ptr<Process> process = Process::shared();
  const std::shared_ptr<Mailbox> mailbox = std::make_shared<Mailbox>();

  // Tests force a compilation and a number of threads; otherwise the best and all.
  std::optional<Target> forced_target;
  std::optional<int> forced_threads;

  /** Called on the JavaScript thread around each job: a running job keeps the event loop alive. */
  void began(const std::shared_ptr<Job>& job);
  void settled(const std::shared_ptr<Job>& job);
  /** Raises the flag; jobs under it that no thread has taken up yet are settled here and now. */
  void cancel(const std::shared_ptr<Cancellation>& cancellation);

 private:
  explicit Environment(Napi::Env env);
  /**
   * Cancels what runs and waits for it, when JavaScript ends: at exit(), static objects of this library
   * and of ONNX Runtime are destroyed, and a thread that still used them would crash the process.
   */
  void close();

  napi_env env_;
  std::list<std::shared_ptr<Job>> running_;
};

}  // namespace sextant
