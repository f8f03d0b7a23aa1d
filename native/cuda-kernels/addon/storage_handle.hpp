#pragma once

#include <napi.h>

#include <memory>

#include "addon/process.hpp"
#include "tensor/storage.hpp"

namespace sextant {

/** What JavaScript holds of a Storage; emptied by release. */
struct StorageHandle {
  static constexpr napi_type_tag kTag{0x6f1f0c6a5e4b4d0aULL, 0x9a3c51f2bb7e0d11ULL};

  StorageHandle(napi_env env, std::shared_ptr<Process> process, std::shared_ptr<Storage> storage);
  /** Only on the JavaScript thread: it tells the garbage collector that the memory is gone. */
  ~StorageHandle();
  /** A large block goes on a thread of its own, a little later. */
  void release();

  std::shared_ptr<Storage> storage;

 private:
  napi_env env_;
  std::shared_ptr<Process> process_;
};

/** createStorage(bytes), releaseStorage(handle), storageBuffer(handle), tensorBytes() */
void register_storage(Napi::Env env, Napi::Object exports);

}  // namespace sextant
