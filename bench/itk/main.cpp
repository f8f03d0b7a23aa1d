// ITK's filters on raw bytes, as rivals of benches; each prints its milliseconds, reading and writing left
// out. Two threads. Sizes and spacings come with the fastest axis first.
//   itk-filters distances MASK OUT nx ny nz sx sy sz    uint8 -> float32, to the nearest voxel of 0
//   itk-filters components MASK OUT nx ny nz            uint8 -> int32, the largest is 1
//   itk-filters warp IMAGE FIELD OUT nx ny nz           float32, the field interleaved x y z in voxels
#include <itkConnectedComponentImageFilter.h>
#include <itkImage.h>
#include <itkMultiThreaderBase.h>
#include <itkRelabelComponentImageFilter.h>
#include <itkSignedMaurerDistanceMapImageFilter.h>
#include <itkVector.h>
#include <itkWarpImageFilter.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

template <class T>
using Image = itk::Image<T, 3>;
using Field = Image<itk::Vector<float, 3>>;

template <class I>
std::size_t bytes_of(const I* image) {
  return image->GetLargestPossibleRegion().GetNumberOfPixels() * sizeof(typename I::PixelType);
}

template <class I>
typename I::Pointer read(const char* path, char** extents) {
  typename I::SizeType size;
  for (unsigned axis = 0; axis < 3; ++axis) size[axis] = std::strtoul(extents[axis], nullptr, 10);
  auto image = I::New();
  image->SetRegions(size);
  image->Allocate();
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(image->GetBufferPointer()),
            static_cast<std::streamsize>(bytes_of(image.GetPointer())));
  if (!file) throw std::runtime_error(std::string("cannot read ") + path);
  return image;
}

template <class I>
void write(const I* image, const char* path) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(image->GetBufferPointer()),
             static_cast<std::streamsize>(bytes_of(image)));
}

template <class F>
void time_update(F& filter) {
  const auto begin = std::chrono::steady_clock::now();
  filter.Update();
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%.3f\n", taken.count());
}

void distances(char** words) {
  const auto mask = read<Image<std::uint8_t>>(words[2], words + 4);
  double spacing[3];
  for (int axis = 0; axis < 3; ++axis) spacing[axis] = std::atof(words[7 + axis]);
  mask->SetSpacing(spacing);
  // Outside of an object ITK measures to its nearest voxel: here the object is what the mask leaves out.
  std::uint8_t* voxels = mask->GetBufferPointer();
  for (std::size_t n = 0; n < bytes_of(mask.GetPointer()); ++n) voxels[n] = voxels[n] == 0 ? 1 : 0;
  auto filter = itk::SignedMaurerDistanceMapImageFilter<Image<std::uint8_t>, Image<float>>::New();
  filter->SetInput(mask);
  filter->SetSquaredDistance(false);
  filter->SetUseImageSpacing(true);
  time_update(*filter);
  // Within the object it goes on below 0, where ours stays 0.
  auto made = filter->GetOutput();
  float* values = made->GetBufferPointer();
  for (std::size_t n = 0; n < bytes_of(mask.GetPointer()); ++n) values[n] = voxels[n] ? 0 : values[n];
  write(made, words[3]);
}

void components(char** words) {
  const auto mask = read<Image<std::uint8_t>>(words[2], words + 4);
  auto label = itk::ConnectedComponentImageFilter<Image<std::uint8_t>, Image<std::int32_t>>::New();
  label->SetInput(mask);
  auto order = itk::RelabelComponentImageFilter<Image<std::int32_t>, Image<std::int32_t>>::New();
  order->SetInput(label->GetOutput());
  time_update(*order);
  write(order->GetOutput(), words[3]);
}

void warp(char** words) {
  const auto image = read<Image<float>>(words[2], words + 5);
  const auto field = read<Field>(words[3], words + 5);
  auto filter = itk::WarpImageFilter<Image<float>, Image<float>, Field>::New();
  filter->SetInput(image);
  filter->SetDisplacementField(field);
  filter->SetOutputParametersFromImage(image);
  time_update(*filter);
  write(filter->GetOutput(), words[4]);
}

int main(int count, char** words) {
  itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(2);
  const std::string command = count > 1 ? words[1] : "";
  if (command == "distances" && count == 10) {
    distances(words);
  } else if (command == "components" && count == 7) {
    components(words);
  } else if (command == "warp" && count == 8) {
    warp(words);
  } else {
    std::fprintf(stderr, "see the head of main.cpp\n");
    return 2;
  }
  return 0;
}
