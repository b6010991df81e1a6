/**
 * Hears of what a run begins in the store, before or as soon as it is there, so that another process can clean up after a
 * run that was killed. No secret is told.
 */
export interface Journal {
  /** Objects of that backup are about to be written. */
  backup(id: string): void;
  /** An object is put in parts; `id` is the store's name for the upload. */
  upload(upload: { readonly key: string; readonly id: string }): void;
}

/** Where nobody cleans up afterwards. */
export const noJournal: Journal = { backup() {}, upload() {} };
