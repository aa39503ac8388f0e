import { downloadZip } from 'client-zip';

/** A file on its way into an archive; the path's last folder is the person's name. */
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

/** What goes into an archive of a folder: everything but what operating systems leave in folders. The server judges the rest. */
export function worthSending(files: readonly FolderFile[]): FolderFile[] {
  return files.filter((entry) => !leftBySystems.test(entry.path));
}

/** Two files dropped from two folders may share their name; in an archive both must be found. */
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
 * A zip of the files, stored and not compressed, as pictures are compressed already. Read one file after the other, so
 * that a large folder never lies in memory at once; `onFile` hears how many have gone in.
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

/** Everything that was dropped, folders walked; a plain list of files where the browser knows no folders. */
export async function droppedFiles(transfer: DataTransfer): Promise<FolderFile[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry?.())
    .filter((entry): entry is FileSystemEntry => entry != null);
  if (entries.length === 0)
    return [...transfer.files].map((file) => ({ path: file.name, file }));
  return (await Promise.all(entries.map((entry) => walk(entry, '')))).flat();
}

/** What a file or folder picker has answered. */
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
    // A reader answers in parts and says with an empty one that it is through.
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0)
      return found;
    for (const child of part)
      found.push(...(await walk(child, `${path}/`)));
  }
}
