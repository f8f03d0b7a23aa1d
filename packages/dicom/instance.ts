import type { Vec3 } from '#geometry';

/** How the samples of a pixel lie, from the Image Pixel module (PS3.3 C.7.6.3). */
export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  /** 0: R1G1B1R2…; 1: each sample a plane of its own. */
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly isSigned: boolean;
  /** PixelData, FloatPixelData or DoubleFloatPixelData. */
  readonly sampleKind: 'integer' | 'float' | 'double';
  /** MONOCHROME2, RGB, YBR_FULL_422, PALETTE COLOR, … as the file says it. */
  readonly photometric: string;
  readonly palette?: Palette | undefined;
  readonly transferSyntaxUid: string;
}

/** PALETTE COLOR's tables (PS3.3 C.7.6.3.1.5), segmented ones expanded. */
export interface Palette {
  readonly firstMapped: number;
  readonly bits: 8 | 16;
  readonly red: Uint16Array;
  readonly green: Uint16Array;
  readonly blue: Uint16Array;
}

/** A stretch of the file. */
export type ByteRange = readonly [offset: number, length: number];

/** Where the samples lie in the file. */
export type PixelLocation =
  | {
      /** Frames end to end, as their layout says. */
      readonly kind: 'native';
      readonly range: ByteRange;
      /** The element's VR is OW: in big endian, samples of 8 bits have changed places within words. */
      readonly isInWords: boolean;
      /** The data set itself is deflated: ranges count in the inflated data set. */
      readonly deflatedDataSetAt?: number | undefined;
    }
  | {
      /** One code stream a frame, in one fragment or several. */
      readonly kind: 'encapsulated';
      readonly frames: readonly (readonly ByteRange[])[];
    };

/** Stored value -> modality value (PS3.3 C.11.1). */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
  /** The file says 0, and `slope` is what was taken instead. */
  readonly isSlopeZero?: boolean | undefined;
  /** A table instead of a line. */
  readonly lut?: ModalityLut | undefined;
}

export interface ModalityLut {
  readonly firstMapped: number;
  readonly values: Uint16Array;
}

/** What can differ from frame to frame. Of an object with one frame, the object's own. */
export interface Frame {
  /** ImagePositionPatient: centre of the first voxel, LPS millimetres. */
  readonly positionLpsMm?: Vec3 | undefined;
  /** ImageOrientationPatient: the direction in which columns count, then that of rows. LPS. */
  readonly orientation?: readonly [Vec3, Vec3] | undefined;
  /** Between columns (along a row), then between rows: NOT in PixelSpacing's order. */
  readonly pixelSpacingMm?: readonly [number, number] | undefined;
  readonly sliceThicknessMm?: number | undefined;
  readonly spacingBetweenSlicesMm?: number | undefined;
  readonly rescale: Rescale;
  /** DimensionIndexValues, in the order of DimensionIndexPointer. */
  readonly dimensionIndex?: readonly number[] | undefined;
  readonly stackId?: string | undefined;
  readonly temporalPosition?: number | undefined;
  /** TemporalPositionTimeOffset. */
  readonly temporalOffsetSeconds?: number | undefined;
  readonly echoTimeMs?: number | undefined;
  readonly bValue?: number | undefined;
  readonly bDirectionLps?: Vec3 | undefined;
  readonly triggerTimeMs?: number | undefined;
  /** MAGNITUDE, PHASE, REAL, IMAGINARY, FIELD_MAP … where frame type or image type tells. */
  readonly component?: string | undefined;
  /** ImageType or FrameType. */
  readonly imageType: readonly string[];
}

/** A plane of tiles that holds the slices of one volume: Siemens mosaic, United Imaging VFRAME. */
export interface Mosaic {
  readonly vendor: 'SIEMENS' | 'UIH';
  /** Slices; tiles beyond are padding. Tiles run along the rows, then down. */
  readonly tiles: number;
  readonly tilesPerRow: number;
  /** Distance of neighbouring slices as the vendor's header has it. */
  readonly spacingMm?: number | undefined;
  /** Slice normal as the vendor's header has it, LPS; its sign tells which way tiles count. */
  readonly normalLps?: Vec3 | undefined;
  /** Centre of the first voxel of every tile, where the header lists them. LPS millimetres. */
  readonly positionsLpsMm?: readonly Vec3[] | undefined;
}

/** One DICOM object that has pixels, without them. Plain data: it crosses threads. */
export interface Instance {
  readonly path: string;
  /** What the user calls the file: in messages and reports. */
  readonly name: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** Of PatientID: to tell people apart, not to tell who they are. */
  readonly patientDigest?: number | undefined;
  readonly studyUid: string;
  readonly seriesUid: string;
  readonly frameOfReferenceUid?: string | undefined;
  readonly seriesNumber?: number | undefined;
  readonly seriesDescription?: string | undefined;
  readonly modality: string;
  readonly manufacturer?: string | undefined;
  readonly instanceNumber?: number | undefined;
  readonly acquisitionNumber?: number | undefined;
  readonly frameReferenceTimeMs?: number | undefined;
  /** AcquisitionTime and ContentTime, since midnight. */
  readonly acquisitionSeconds?: number | undefined;
  readonly contentSeconds?: number | undefined;
  readonly echoNumber?: number | undefined;
  readonly coil?: string | undefined;
  readonly sequenceName?: string | undefined;
  readonly repetitionTimeMs?: number | undefined;
  readonly units?: string | undefined;
  /** DimensionIndexPointer of each number of Frame.dimensionIndex, as 'x00209057'. */
  readonly dimensionPointers?: readonly string[] | undefined;
  readonly pixels: PixelLayout;
  readonly location: PixelLocation;
  readonly mosaic?: Mosaic | undefined;
  readonly frames: readonly Frame[];
}

/** A file that no volume can be made of, and what it is. */
export interface SetApart {
  readonly path: string;
  readonly name: string;
  /** DICOMDIR, SR, SEG, RTSTRUCT, RTPLAN, PRESENTATION_STATE, WAVEFORM, … or NOT_DICOM; of an archive that is not unpacked its kind: XZ, BZIP2, … */
  readonly kind: string;
}

/** A file that is DICOM with pixels, and cannot be read: its series is not complete without it. */
export interface BrokenInstance {
  readonly path: string;
  readonly name: string;
  /** Known when the header could be read so far. */
  readonly seriesUid?: string | undefined;
  readonly reason: string;
  readonly message: string;
}

/** What one file turned out to be. */
export type Scanned =
  | { readonly what: 'instance'; readonly instance: Instance }
  | { readonly what: 'apart'; readonly apart: SetApart }
  | { readonly what: 'broken'; readonly broken: BrokenInstance };
