import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type BlobStore, type ContentHash, type Json, type ProjectId, TwinloopError } from '@twinloop/kernel';
import {
  type DatasetProfile,
  type ProfileSketch,
  profileSketchFromJson,
  type ProfileSketchJson,
} from '@twinloop/loop/data';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Sketches of profiles: a compressed blob beside the rows of the version, which goes when the version goes. */
export interface ProfileStore {
  keep(sketch: ProfileSketchJson): Promise<ContentHash>;
  /** Of a stored profile; undefined when it has none (an earlier release), or its blob is gone. @throws storage_corrupt */
  sketch(profile: Json): Promise<ProfileSketch | undefined>;
}

export function profileStore(project: ProjectId, blobs: BlobStore): ProfileStore {
  return {
    async keep(sketch) {
      // Fast rather than small: numbers hardly shrink further.
      return blobs.put(project, await pack(JSON.stringify(sketch), { level: 1 }));
    },
    async sketch(profile) {
      const { sketch: hash } = profile as unknown as DatasetProfile;
      if (hash === undefined || !(await blobs.has(project, hash as ContentHash))) return undefined;
      const bytes = await blobs.get(project, hash as ContentHash);
      let json: unknown;
      try {
        json = JSON.parse((await unpack(bytes)).toString());
      } catch (cause) {
        throw new TwinloopError('storage_corrupt', { values: { reason: 'a profile cannot be read' }, cause });
      }
      return profileSketchFromJson(json);
    },
  };
}
