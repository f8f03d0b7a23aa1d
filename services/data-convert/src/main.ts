import { CONVERT_SETTINGS } from '#host';
import { runService } from '#host/service';
import { startDataConvert } from './start.ts';

await runService({
  name: 'data-convert',
  usage: 'node dist/data-convert/main.js [--convert-port PORT] [flags]',
  summary: 'Converts DICOM, NIfTI, MetaImage and NRRD that are streamed in.',
  settings: CONVERT_SETTINGS,
  start: startDataConvert,
});
