// What ITK makes of an image, for tests and benches:
//   itk-image info FILE                       one line of JSON: size, spacing, origin, direction, component, sum
//   itk-image convert IN OUT                  reads and writes, keeping the component type
//   itk-image resample IN OUT linear|nearest FILL nx ny nz sx sy sz ox oy oz d00 ... d22
//                                             onto a grid in LPS; prints the filter's milliseconds
#include <itkImage.h>
#include <itkImageFileReader.h>
#include <itkImageFileWriter.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkMultiThreaderBase.h>
#include <itkNearestNeighborInterpolateImageFunction.h>
#include <itkResampleImageFilter.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

template <class T>
using Image = itk::Image<T, 3>;

template <class T>
typename Image<T>::Pointer read(const std::string& path) {
  auto reader = itk::ImageFileReader<Image<T>>::New();
  reader->SetFileName(path);
  reader->Update();
  return reader->GetOutput();
}

template <class T>
void write(const Image<T>* image, const std::string& path) {
  auto writer = itk::ImageFileWriter<Image<T>>::New();
  writer->SetFileName(path);
  writer->SetInput(image);
  writer->Update();
}

template <class T>
int info(const std::string& path, const std::string& component) {
  const auto image = read<T>(path);
  const auto size = image->GetLargestPossibleRegion().GetSize();
  const auto spacing = image->GetSpacing();
  const auto origin = image->GetOrigin();
  const auto direction = image->GetDirection();
  double sum = 0, weighted = 0;
  const T* voxels = image->GetBufferPointer();
  const std::size_t count = size[0] * size[1] * size[2];
  for (std::size_t n = 0; n < count; ++n) {
    sum += static_cast<double>(voxels[n]);
    weighted += static_cast<double>(voxels[n]) * static_cast<double>(n % 1009);
  }
  std::printf("{\"size\":[%zu,%zu,%zu],\"spacing\":[%.17g,%.17g,%.17g],\"origin\":[%.17g,%.17g,%.17g],",
              static_cast<std::size_t>(size[0]), static_cast<std::size_t>(size[1]),
              static_cast<std::size_t>(size[2]), spacing[0], spacing[1], spacing[2], origin[0], origin[1],
              origin[2]);
  std::printf("\"direction\":[");
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 3; ++column)
      std::printf("%s%.17g", row + column == 0 ? "" : ",", direction[row][column]);
  std::printf("],\"component\":\"%s\",\"sum\":%.17g,\"weighted\":%.17g}\n", component.c_str(), sum, weighted);
  return 0;
}

template <class T>
int resample(char** words) {
  const auto image = read<T>(words[2]);
  auto filter = itk::ResampleImageFilter<Image<T>, Image<T>>::New();
  filter->SetInput(image);
  if (std::string(words[4]) == "nearest") {
    filter->SetInterpolator(itk::NearestNeighborInterpolateImageFunction<Image<T>>::New());
  } else {
    filter->SetInterpolator(itk::LinearInterpolateImageFunction<Image<T>>::New());
  }
  filter->SetDefaultPixelValue(static_cast<T>(std::atof(words[5])));
  typename Image<T>::SizeType size;
  typename Image<T>::SpacingType spacing;
  typename Image<T>::PointType origin;
  typename Image<T>::DirectionType direction;
  for (int axis = 0; axis < 3; ++axis) {
    size[axis] = std::strtoul(words[6 + axis], nullptr, 10);
    spacing[axis] = std::atof(words[9 + axis]);
    origin[axis] = std::atof(words[12 + axis]);
    for (int column = 0; column < 3; ++column) {
      direction[axis][column] = std::atof(words[15 + 3 * axis + column]);
    }
  }
  filter->SetSize(size);
  filter->SetOutputSpacing(spacing);
  filter->SetOutputOrigin(origin);
  filter->SetOutputDirection(direction);
  const auto begin = std::chrono::steady_clock::now();
  filter->Update();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%.3f\n", taken.count());
  write<T>(filter->GetOutput(), words[3]);
  return 0;
}

template <class T>
int run(int count, char** words, const std::string& component) {
  const std::string command = words[1];
  if (command == "info") return info<T>(words[2], component);
  if (command == "convert" && count == 4) {
    write<T>(read<T>(words[2]), words[3]);
    return 0;
  }
  if (command == "resample" && count == 24) return resample<T>(words);
  std::fprintf(stderr, "info FILE | convert IN OUT | resample IN OUT ...\n");
  return 2;
}

int main(int count, char** words) {
  if (count < 3) return 2;
  itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(2);
  try {
    auto io = itk::ImageIOFactory::CreateImageIO(words[2], itk::ImageIOFactory::IOFileModeEnum::ReadMode);
    if (!io) throw std::runtime_error("no reader for this file");
    io->SetFileName(words[2]);
    io->ReadImageInformation();
    const std::string name = io->GetComponentTypeAsString(io->GetComponentType());
    if (name == "short") return run<short>(count, words, name);
    if (name == "unsigned_short") return run<unsigned short>(count, words, name);
    if (name == "unsigned_char") return run<unsigned char>(count, words, name);
    if (name == "char") return run<signed char>(count, words, name);
    if (name == "int") return run<int>(count, words, name);
    if (name == "unsigned_int") return run<unsigned int>(count, words, name);
    if (name == "double") return run<double>(count, words, name);
    return run<float>(count, words, name);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
