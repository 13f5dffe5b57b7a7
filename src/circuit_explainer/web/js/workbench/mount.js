// Runs in the worker: files that the reader chose are read where they lie, so nothing of them is copied into memory twice.

// Mounts `files` at `folder`, which is new.
export function mount({ FS }, folder, files) {
  const { WORKERFS } = FS.filesystems;
  WORKERFS.stream_ops = guarded(WORKERFS.stream_ops, FS);
  FS.mkdirTree(folder);
  FS.mount(WORKERFS, { files: [...files] }, folder);
}

// Lets go of the files; those of a folder that was not mounted are no error.
export function unmount({ FS }, folder) {
  if (!FS.analyzePath(folder).exists) return;
  FS.unmount(folder);
  FS.rmdir(folder);
}

// A file that was changed or moved since it was chosen can be read no more. Python must hear that as an error of the
// file (EIO, 29): anything else that is thrown inside a reading ends the interpreter.
function guarded(ops, FS) {
  if (ops.guarded) return ops;
  const read = (...given) => {
    try {
      return ops.read(...given);
    } catch (error) {
      throw error instanceof FS.ErrnoError ? error : new FS.ErrnoError(29);
    }
  };
  return { ...ops, read, guarded: true };
}
