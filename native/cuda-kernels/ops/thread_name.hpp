#pragma once

#ifdef __linux__
#include <pthread.h>
#endif

namespace sextant {

/**
 * The calling thread's name for a scope, as `top -H` and /proc show it; at most 15 characters. Threads
 * that are started meanwhile, also by a library, have it for good. Linux only.
 */
class ThreadName {
 public:
  explicit ThreadName([[maybe_unused]] const char* name) {
#ifdef __linux__
    pthread_getname_np(pthread_self(), before_, sizeof before_);
    pthread_setname_np(pthread_self(), name);
#endif
  }
  ~ThreadName() {
#ifdef __linux__
    pthread_setname_np(pthread_self(), before_);
#endif
  }
  ThreadName(const ThreadName&) = delete;
  ThreadName& operator=(const ThreadName&) = delete;

#ifdef __linux__
 private:
  char before_[16] = {};
#endif
};

}  // namespace sextant
