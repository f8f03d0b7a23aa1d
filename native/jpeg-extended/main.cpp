// Decodes one frame of JPEG that only libgdcm decodes (12 bits, spectral selection, full progression), in a
// process of its own: what a broken stream does to the library it does to this process alone.
//
// stdin: eight little endian uint32 (columns, rows, samples a pixel, bits allocated, bits stored, high bit,
// pixel representation, bytes of the transfer syntax UID), the UID, the code stream.
// stdout: the samples, as many bytes as allocated. Exit status 0, else 1 and nothing on stdout.
#include <gdcmDataElement.h>
#include <gdcmFragment.h>
#include <gdcmImage.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTransferSyntax.h>

#include <cstdint>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

namespace {

constexpr std::size_t kHeaderBytes = 32;
constexpr std::uint64_t kLargestFrame = 1u << 30;

std::vector<char> read_all() {
  std::vector<char> bytes;
  char piece[65536];
  for (std::size_t got; (got = std::fread(piece, 1, sizeof piece, stdin)) > 0;) {
    bytes.insert(bytes.end(), piece, piece + got);
  }
  return bytes;
}

std::uint32_t word(const std::vector<char>& bytes, std::size_t index) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data()) + 4 * index;
  return at[0] | (at[1] << 8) | (at[2] << 16) | (static_cast<std::uint32_t>(at[3]) << 24);
}

bool decode(const std::vector<char>& input, std::vector<char>& samples) {
  if (input.size() < kHeaderBytes) return false;
  const std::uint32_t columns = word(input, 0), rows = word(input, 1), per_pixel = word(input, 2);
  const std::uint32_t allocated = word(input, 3), uid_bytes = word(input, 7);
  if (columns == 0 || rows == 0 || columns > 65535 || rows > 65535) return false;
  if ((per_pixel != 1 && per_pixel != 3) || (allocated != 8 && allocated != 16)) return false;
  if (uid_bytes > 64 || input.size() < kHeaderBytes + uid_bytes) return false;
  const std::uint64_t bytes = std::uint64_t{columns} * rows * per_pixel * (allocated / 8);
  if (bytes > kLargestFrame) return false;
  const std::string uid(input.data() + kHeaderBytes, uid_bytes);

  gdcm::Image image;
  image.SetNumberOfDimensions(2);
  image.SetDimension(0, columns);
  image.SetDimension(1, rows);
  image.SetPixelFormat(gdcm::PixelFormat(
      static_cast<unsigned short>(per_pixel), static_cast<unsigned short>(allocated),
      static_cast<unsigned short>(word(input, 4)), static_cast<unsigned short>(word(input, 5)),
      static_cast<unsigned short>(word(input, 6))));
  image.SetPhotometricInterpretation(per_pixel == 1 ? gdcm::PhotometricInterpretation::MONOCHROME2
                                                    : gdcm::PhotometricInterpretation::YBR_FULL);
  image.SetTransferSyntax(gdcm::TransferSyntax(gdcm::TransferSyntax::GetTSType(uid.c_str())));

  gdcm::Fragment fragment;
  const std::size_t start = kHeaderBytes + uid_bytes;
  fragment.SetByteValue(input.data() + start, static_cast<std::uint32_t>(input.size() - start));
  gdcm::SmartPointer<gdcm::SequenceOfFragments> fragments = new gdcm::SequenceOfFragments;
  fragments->AddFragment(fragment);
  gdcm::DataElement element(gdcm::Tag(0x7fe0, 0x0010));
  element.SetVR(gdcm::VR::OB);
  element.SetValue(*fragments);
  image.SetDataElement(element);

  if (image.GetBufferLength() != bytes) return false;
  samples.resize(bytes);
  return image.GetBuffer(samples.data());
}

}  // namespace

int main() {
  std::vector<char> samples;
  if (!decode(read_all(), samples)) return 1;
  return std::fwrite(samples.data(), 1, samples.size(), stdout) == samples.size() ? 0 : 1;
}
