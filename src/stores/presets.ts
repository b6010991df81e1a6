/** How one kind of S3-compatible store differs from the others. Data, from its documents and from measuring it. */
export interface Preset {
  readonly label: string;
  /** Endpoints of this kind; the first group, where there is one, is the region. */
  readonly host: RegExp;
  /** The region to sign with when the user names none and the host does not tell. */
  readonly region: string;
  readonly pathStyle: boolean;
  /** Refuses to overwrite when asked by `If-None-Match: *` on single puts. Elsewhere the key is looked up before. */
  readonly conditionalPut: boolean;
  /** The same for the end of a multipart upload. */
  readonly conditionalComplete: boolean;
  /** The ETag of a single put is its MD5. */
  readonly md5Etag: boolean;
  /** The ETag of a multipart upload is the MD5 of its parts' MD5s, `-`, and their number. */
  readonly multipartEtag: boolean;
  readonly maximumParts: number;
  readonly minimumPartBytes: number;
}

const mebibyte = 1024 * 1024;

const usual = {
  region: 'us-east-1',
  pathStyle: true,
  conditionalPut: false,
  conditionalComplete: false,
  md5Etag: true,
  multipartEtag: true,
  maximumParts: 10_000,
  minimumPartBytes: 8 * mebibyte,
} as const;

const aws: Preset = {
  ...usual,
  label: 'AWS S3',
  host: /(?:^|\.)s3(?:-fips)?(?:[.-](?:dualstack\.)?([a-z0-9-]+))?\.amazonaws\.com(?:\.cn)?$/,
  pathStyle: false,
  conditionalPut: true,
  conditionalComplete: true,
  // SSE-KMS and directory buckets have others, and AWS checks Content-MD5 reliably.
  md5Etag: false,
  multipartEtag: false,
};

/** MinIO, Ceph and whatever else speaks S3. */
const other: Preset = { ...usual, label: 'S3-compatible store', host: /^/ };

const presets: readonly Preset[] = [
  aws,
  { ...usual, label: 'Backblaze B2', host: /(?:^|\.)s3\.([a-z0-9-]+)\.backblazeb2\.com$/ },
  {
    ...usual,
    label: 'Cloudflare R2',
    host: /\.r2\.cloudflarestorage\.com$/,
    region: 'auto',
    conditionalPut: true,
    multipartEtag: false,
  },
  { ...usual, label: 'DigitalOcean Spaces', host: /(?:^|\.)([a-z0-9]+)\.digitaloceanspaces\.com$/ },
  { ...usual, label: 'Wasabi', host: /(?:^|\.)s3(?:\.([a-z0-9-]+))?\.wasabisys\.com$/ },
  { ...usual, label: 'Scaleway', host: /(?:^|\.)s3\.([a-z0-9-]+)\.scw\.cloud$/, maximumParts: 1000 },
  { ...usual, label: 'Storj', host: /\.storjshare\.io$/, minimumPartBytes: 64 * mebibyte },
  {
    ...usual,
    label: 'Google Cloud Storage',
    host: /(?:^|\.)storage\.googleapis\.com$/,
    region: 'auto',
    multipartEtag: false,
  },
  {
    ...usual,
    label: 'Alibaba Cloud OSS',
    host: /(?:^|\.)(?:s3\.)?oss-([a-z0-9-]+)\.aliyuncs\.com$/,
    pathStyle: false,
    multipartEtag: false,
  },
];

/** The preset of an endpoint; without an endpoint it is AWS. */
export function presetOf(endpoint: string | undefined): Preset {
  if (endpoint === undefined) return aws;
  const { hostname } = new URL(endpoint);
  return presets.find(({ host }) => host.test(hostname)) ?? other;
}

/** The region to sign with: told, in the endpoint's name, or the preset's. */
export function regionOf(
  preset: Preset,
  endpoint: string | undefined,
  region: string | undefined,
): string | undefined {
  if (region !== undefined) return region;
  // AWS without an endpoint: the SDK's own chain knows (AWS_REGION, a profile).
  if (endpoint === undefined) return undefined;
  return preset.host.exec(new URL(endpoint).hostname)?.[1] ?? preset.region;
}
