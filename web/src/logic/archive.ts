import { downloadZip } from 'client-zip';

/** A file to put into an archive; the path's last folder is the person's name. */
export interface FolderFile {
  path: string;
  file: File;
}

const archiveTypes = new Set(['application/zip', 'application/x-zip-compressed']);
const leftBySystems = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX\/.*|\._[^/]*)$/i;

export function isArchive(file: File): boolean {
  return archiveTypes.has(file.type) || /\.zip$/i.test(file.name);
}

export function isPicture(file: File): boolean {
  return file.type.startsWith('image/') || /\.(jpe?g|png|webp|gif|bmp)$/i.test(file.name);
}

/** Leaves out the files that operating systems put into folders. The server validates the rest. */
export function worthSending(files: readonly FolderFile[]): FolderFile[] {
  return files.filter((entry) => !leftBySystems.test(entry.path));
}

/** Numbers equal paths, because two dropped folders may hold files of the same name. */
export function withOwnPaths(files: readonly FolderFile[]): FolderFile[] {
  const taken = new Set<string>();
  return files.map((entry) => {
    let path = entry.path;
    for (let number = 2; taken.has(path); number++)
      path = entry.path.replace(/(\.[^./]*)?$/, ` (${number})$1`);
    taken.add(path);
    return { ...entry, path };
  });
}

/**
 * A zip of the files without compression, because pictures are compressed already. Files are read one by one, so memory
 * does not grow with the folder. `onFile` is called with the number of files done.
 */
export function zip(files: readonly FolderFile[], onFile: (done: number) => void = () => {}): Promise<Blob> {
  function* entries(): Generator<{ name: string; input: File; lastModified: Date }> {
    let done = 0;
    for (const { path, file } of withOwnPaths(files)) {
      onFile(done++);
      yield { name: path, input: file, lastModified: new Date(file.lastModified) };
    }
    onFile(done);
  }
  return downloadZip(entries()).blob();
}

/** All dropped files, including those in folders; a plain list of files where the browser does not support folders. */
export async function droppedFiles(transfer: DataTransfer): Promise<FolderFile[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry): entry is FileSystemEntry => entry != null);
  if (entries.length === 0)
    return [...transfer.files].map((file) => ({ path: file.name, file }));
  return (await Promise.all(entries.map((entry) => walk(entry, '')))).flat();
}

/** The files chosen in a file or folder picker. */
export function pickedFiles(list: FileList): FolderFile[] {
  return [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

async function walk(entry: FileSystemEntry, folder: string): Promise<FolderFile[]> {
  const path = folder + entry.name;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    return [{ path, file }];
  }

  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: FolderFile[] = [];
  for (;;) {
    // readEntries returns the entries in parts; an empty part is the end.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0)
      return found;
    for (const child of part)
      found.push(...(await walk(child, `${path}/`)));
  }
}
