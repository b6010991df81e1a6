import { expect, test } from 'vitest';
import { presetOf, regionOf } from '../../src/stores/presets.ts';

test.each([
  ['https://s3.eu-west-1.amazonaws.com', 'AWS S3', 'eu-west-1'],
  ['https://s3.dualstack.us-west-2.amazonaws.com', 'AWS S3', 'us-west-2'],
  ['https://s3-fips.us-gov-west-1.amazonaws.com', 'AWS S3', 'us-gov-west-1'],
  ['https://s3.cn-north-1.amazonaws.com.cn', 'AWS S3', 'cn-north-1'],
  ['https://s3.amazonaws.com', 'AWS S3', 'us-east-1'],
  ['https://s3.eu-central-003.backblazeb2.com', 'Backblaze B2', 'eu-central-003'],
  ['https://0123abcd.r2.cloudflarestorage.com', 'Cloudflare R2', 'auto'],
  ['https://0123abcd.eu.r2.cloudflarestorage.com', 'Cloudflare R2', 'auto'],
  ['https://fra1.digitaloceanspaces.com', 'DigitalOcean Spaces', 'fra1'],
  ['https://s3.wasabisys.com', 'Wasabi', 'us-east-1'],
  ['https://s3.eu-central-1.wasabisys.com', 'Wasabi', 'eu-central-1'],
  ['https://s3.nl-ams.scw.cloud', 'Scaleway', 'nl-ams'],
  ['https://gateway.storjshare.io', 'Storj', 'us-east-1'],
  ['https://storage.googleapis.com', 'Google Cloud Storage', 'auto'],
  ['https://oss-eu-central-1.aliyuncs.com', 'Alibaba Cloud OSS', 'eu-central-1'],
  ['https://minio.example.com:9000', 'S3-compatible store', 'us-east-1'],
  ['https://backblazeb2.com.example.com', 'S3-compatible store', 'us-east-1'],
])('%s is %s in %s', (endpoint, label, region) => {
  const preset = presetOf(endpoint);
  expect(preset.label).toBe(label);
  expect(regionOf(preset, endpoint, undefined)).toBe(region);
  expect(regionOf(preset, endpoint, 'told')).toBe('told');
});

test('without an endpoint it is AWS, whose own settings tell the region', () => {
  expect(presetOf(undefined).label).toBe('AWS S3');
  expect(regionOf(presetOf(undefined), undefined, undefined)).toBeUndefined();
});

test('only where it is known to work a store is trusted to refuse overwriting', () => {
  const conditional = ['https://s3.eu-west-1.amazonaws.com', 'https://a.r2.cloudflarestorage.com'];
  const not = [
    'https://s3.us-west-004.backblazeb2.com',
    'https://fra1.digitaloceanspaces.com',
    'https://minio.local',
  ];
  expect(conditional.map((endpoint) => presetOf(endpoint).conditionalPut)).toEqual([true, true]);
  expect(not.map((endpoint) => presetOf(endpoint).conditionalPut)).toEqual([false, false, false]);
});
