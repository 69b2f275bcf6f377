/** What the system said, in words a person knows. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code
  const known: Record<string, string> = {
    ENOSPC: 'no space is left on the device',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is a file',
    EEXIST: 'a file of that name is in the way',
    ENOENT: 'no such file or folder',
    EDQUOT: 'the quota is used up',
    EFBIG: 'the file would be too large',
    EMFILE: 'this process has no file descriptor left (ulimit -n)',
    ENFILE: 'the system has no file descriptor left',
    ENOMEM: 'there is no memory left',
    EAGAIN: 'no further process can be started (ulimit -u)',
  }
  return (code && known[code]) ?? (error instanceof Error ? error.message : String(error))
}
