#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/ort_api.hpp"

namespace sextant {

/** A failed call's status; callers turn it into an OperationError, adding what they know. */
class OrtFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/**
 * The ONNX Runtime shared library: opened with dlopen, never linked (its symbols are versioned per
 * release), and kept for the life of the process.
 */
class Library {
 public:
  /**
   * Opens the library at `path`. Throws OperationError ENGINE_UNAVAILABLE when it cannot be opened,
   * is not ONNX Runtime, or is older than the lowest version in use (both versions are named).
   */
  static std::unique_ptr<const Library> open(const std::string& path);

  const std::string& path() const { return path_; }
  const std::string& version() const { return version_; }
  /** 30 of version 1.30.0; the C API of that number is the newest that it has. */
  int minor_version() const;

  /** Calls one function of the table; throws OrtFailure when it returns an error. */
  template <typename Entry, typename... Arguments>
  void call(Arguments... arguments) const {
    throw_if_failed(Entry::call(table_, arguments...));
  }

  /** Calls a function of the Release family, which cannot fail. */
  template <typename Entry, typename Handle>
  void release(Handle* handle) const {
    Entry::call(table_, handle);
  }

 private:
  Library(std::string path, std::string version, const void* const* table)
      : path_(std::move(path)), version_(std::move(version)), table_(table) {}
  void throw_if_failed(ort::Status* status) const;

  std::string path_;
  std::string version_;
  const void* const* table_;
};

/** A handle of the library, released when it goes out of scope. */
template <typename Handle, typename Release>
class Owned {
 public:
  explicit Owned(const Library& library) : library_(&library) {}
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  Owned(Owned&& other) noexcept
      : library_(other.library_), handle_(std::exchange(other.handle_, nullptr)) {}
  ~Owned() {
    if (handle_ != nullptr) library_->release<Release>(handle_);
  }
  Handle* get() const { return handle_; }
  /** Where a Create function writes the new handle. */
  Handle** out() { return &handle_; }

 private:
  const Library* library_;
  Handle* handle_ = nullptr;
};

}  // namespace sextant
