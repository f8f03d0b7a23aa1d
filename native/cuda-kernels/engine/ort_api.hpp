#pragma once

// The functions of ONNX Runtime's C API that the engine calls, declared by their position in
// `OrtApi`. The official npm package ships the library without headers; the table is append-only by
// promise, so a position means the same function in every release that has it.

#include <cstddef>
#include <cstdint>

namespace sextant::ort {

struct Env;
struct Status;
struct MemoryInfo;
struct IoBinding;
struct Session;
struct Value;
struct RunOptions;
struct TypeInfo;
struct TensorTypeAndShapeInfo;
struct SessionOptions;
struct ThreadingOptions;
struct Allocator;
struct TensorRTProviderOptions;
struct CUDAProviderOptions;

/**
 * Severity of ONNX Runtime's own log lines; the engine asks for none below fatal, since each
 * failure also comes back as a status.
 */
enum class LoggingLevel : int { fatal = 4 };

enum class AllocatorType : int { device = 0, arena = 1 };
enum class MemType : int { byDefault = 0 };
enum class GraphOptimization : int { all = 99 };
/** `ONNXTensorElementDataType`; the names stand in element_types.cpp. */
using ElementType = int;

/** What `OrtGetApiBase` returns. */
struct ApiBase {
  const void* const* (*GetApi)(std::uint32_t version);
  const char* (*GetVersionString)();
};

/**
 * The highest position below belongs to API 11 (`SessionOptionsAppendExecutionProvider_CUDA_V2`
 * and its neighbours came with ONNX Runtime 1.11), so 11 is what the engine asks for.
 */
constexpr std::uint32_t kLowestApiVersion = 11;
constexpr const char* kLowestLibraryVersion = "1.11";

template <int position, typename Function>
struct Entry;

/** One function: its place in the table and its signature. */
template <int position, typename Result, typename... Arguments>
struct Entry<position, Result(Arguments...)> {
  static Result call(const void* const* table, Arguments... arguments) {
    return reinterpret_cast<Result (*)(Arguments...)>(const_cast<void*>(table[position]))(
        arguments...);
  }
};

using GetErrorMessage = Entry<2, const char*(const Status*)>;
using DisableTelemetryEvents = Entry<6, Status*(const Env*)>;
using CreateSession = Entry<7, Status*(const Env*, const char*, const SessionOptions*, Session**)>;
using CreateSessionOptions = Entry<10, Status*(SessionOptions**)>;
using SetSessionGraphOptimizationLevel = Entry<23, Status*(SessionOptions*, GraphOptimization)>;
using SessionGetInputCount = Entry<30, Status*(const Session*, std::size_t*)>;
using SessionGetOutputCount = Entry<31, Status*(const Session*, std::size_t*)>;
using SessionGetInputTypeInfo = Entry<33, Status*(const Session*, std::size_t, TypeInfo**)>;
using SessionGetOutputTypeInfo = Entry<34, Status*(const Session*, std::size_t, TypeInfo**)>;
using SessionGetInputName = Entry<36, Status*(const Session*, std::size_t, Allocator*, char**)>;
using SessionGetOutputName = Entry<37, Status*(const Session*, std::size_t, Allocator*, char**)>;
using CreateRunOptions = Entry<39, Status*(RunOptions**)>;
using RunOptionsSetTerminate = Entry<46, Status*(RunOptions*)>;
using CreateTensorWithDataAsOrtValue =
    Entry<49, Status*(const MemoryInfo*, void*, std::size_t, const std::int64_t*, std::size_t,
                      ElementType, Value**)>;
using CastTypeInfoToTensorInfo =
    Entry<55, Status*(const TypeInfo*, const TensorTypeAndShapeInfo**)>;
using GetTensorElementType = Entry<60, Status*(const TensorTypeAndShapeInfo*, ElementType*)>;
using GetDimensionsCount = Entry<61, Status*(const TensorTypeAndShapeInfo*, std::size_t*)>;
using GetDimensions =
    Entry<62, Status*(const TensorTypeAndShapeInfo*, std::int64_t*, std::size_t)>;
using GetSymbolicDimensions =
    Entry<63, Status*(const TensorTypeAndShapeInfo*, const char**, std::size_t)>;
using CreateCpuMemoryInfo = Entry<69, Status*(AllocatorType, MemType, MemoryInfo**)>;
using AllocatorFree = Entry<76, Status*(Allocator*, void*)>;
using GetAllocatorWithDefaultOptions = Entry<78, Status*(Allocator**)>;
using ReleaseStatus = Entry<93, void(Status*)>;
using ReleaseMemoryInfo = Entry<94, void(MemoryInfo*)>;
using ReleaseSession = Entry<95, void(Session*)>;
using ReleaseValue = Entry<96, void(Value*)>;
using ReleaseRunOptions = Entry<97, void(RunOptions*)>;
using ReleaseTypeInfo = Entry<98, void(TypeInfo*)>;
using ReleaseSessionOptions = Entry<100, void(SessionOptions*)>;
using CreateEnvWithGlobalThreadPools =
    Entry<119, Status*(LoggingLevel, const char*, const ThreadingOptions*, Env**)>;
using DisablePerSessionThreads = Entry<120, Status*(SessionOptions*)>;
using CreateThreadingOptions = Entry<121, Status*(ThreadingOptions**)>;
using ReleaseThreadingOptions = Entry<122, void(ThreadingOptions*)>;
using RunWithBinding = Entry<133, Status*(Session*, const RunOptions*, const IoBinding*)>;
using CreateIoBinding = Entry<134, Status*(Session*, IoBinding**)>;
using ReleaseIoBinding = Entry<135, void(IoBinding*)>;
using BindInput = Entry<136, Status*(IoBinding*, const char*, const Value*)>;
using BindOutput = Entry<137, Status*(IoBinding*, const char*, const Value*)>;
using SetGlobalIntraOpNumThreads = Entry<147, Status*(ThreadingOptions*, int)>;
using SetGlobalInterOpNumThreads = Entry<148, Status*(ThreadingOptions*, int)>;
using SetGlobalSpinControl = Entry<149, Status*(ThreadingOptions*, int)>;
using AppendTensorRT = Entry<170, Status*(SessionOptions*, const TensorRTProviderOptions*)>;
using CreateTensorRTProviderOptions = Entry<171, Status*(TensorRTProviderOptions**)>;
using UpdateTensorRTProviderOptions =
    Entry<172, Status*(TensorRTProviderOptions*, const char* const*, const char* const*,
                       std::size_t)>;
using ReleaseTensorRTProviderOptions = Entry<174, void(TensorRTProviderOptions*)>;
using AppendCUDA = Entry<204, Status*(SessionOptions*, const CUDAProviderOptions*)>;
using CreateCUDAProviderOptions = Entry<205, Status*(CUDAProviderOptions**)>;
using UpdateCUDAProviderOptions =
    Entry<206, Status*(CUDAProviderOptions*, const char* const*, const char* const*, std::size_t)>;
using ReleaseCUDAProviderOptions = Entry<208, void(CUDAProviderOptions*)>;
// Only where Library::minor_version() says so.
constexpr int kLoadCancellationMinorVersion = 22;
using SessionOptionsSetLoadCancellationFlag = Entry<293, Status*(SessionOptions*, bool)>;

}  // namespace sextant::ort
