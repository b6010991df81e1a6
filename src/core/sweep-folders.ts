/**
 * Defines `sweep` for a POSIX shell: it removes the scratch folders of dead holders in $1, named as ours, ours, untouched for a day, and the current folder of no process
 * that can be seen.
 */
export const sweepFolders = `
sweep() {
  for old in "$1"/holdfast.????????; do
    if [ ! -d "$old" ] || [ -L "$old" ] || [ ! -O "$old" ]; then continue; fi
    case \${old##*/holdfast.} in *[!A-Za-z0-9]*) continue ;; esac
    if [ -z "$(find "$old" -prune -mmin +1440 2>/dev/null)" ]; then continue; fi
    for cwd in /proc/[0-9]*/cwd; do
      if [ "$cwd" -ef "$old" ]; then continue 2; fi
    done
    rm -rf -- "$old" 2>/dev/null
  done
}
`;
