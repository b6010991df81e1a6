import { isHot } from './script-parts.ts';

/**
 * The moment of the swap: `sh -c … sh TARGET NEW KEPT SCRATCH present|absent settled|- force|-`. Deaf to the end of our side.
 *
 * Says `swapped` and the endings of the side files that lie beside KEPT; or, with everything as it was, `in-use`,
 * `changed` or `failed`. A second name for the old file comes first, the side files go second, the rename last: at each
 * moment the target is the old file or the new one, and never is a side file of the old one beside the new.
 */
export const swapScript = `
trap '' HUP INT TERM
target=$1 new=$2 kept=$3 scratch=$4 state=$5 settled=$6 force=$7
moved=
copied=
linked=
fail() {
  for side in $moved; do mv -f "$kept-$side" "$target-$side"; done
  for side in $copied; do rm -f "$kept-$side"; done
  if [ -n "$linked" ]; then rm -f "$kept"; fi
  printf '%s\\n' "$1"
  exit 0
}
there() { [ -e "$1" ] || [ -L "$1" ]; }
${isHot}
for ending in '' -wal -shm -journal; do
  if there "$kept$ending"; then
    printf '%s is there already\\n' "$kept$ending" >&2
    fail failed
  fi
done
if [ "$state" = present ] && [ ! -f "$target" ]; then fail changed; fi
if [ "$state" = absent ] && there "$target"; then fail changed; fi

if [ "$state" = present ]; then
  if ln "$target" "$kept" 2>/dev/null; then
    linked=yes
  else
    # No second name here: a copy, which is complete before it gets its name.
    { cp -p "$target" "$scratch/old" && { sync "$scratch/old" 2>/dev/null || sync; }; } || fail failed
    mv -f "$scratch/old" "$kept" || fail failed
    linked=yes
  fi
fi
# Alone with the file, SQLite would have left none of these.
if [ "$settled" = settled ] && [ "$force" != force ]; then
  if [ -e "$target-wal" ]; then fail in-use; fi
  if is_hot "$target-journal"; then fail in-use; fi
fi
for side in wal shm journal; do
  if there "$target-$side"; then
    mv -f "$target-$side" "$kept-$side" || fail failed
    moved="$moved $side"
  elif [ "$settled" != settled ] && [ -e "$scratch/$side" ]; then
    # Gone, though it could not be settled: as it was before that was tried.
    mv -f "$scratch/$side" "$kept-$side" || fail failed
    copied="$copied $side"
  fi
done
if [ "$state" = present ]; then
  mv -f "$new" "$target" || fail failed
elif ! ln "$new" "$target" 2>/dev/null; then
  if there "$target"; then fail changed; fi
  mv -f "$new" "$target" || fail failed
fi
sync "\${target%/*}/" 2>/dev/null || sync
printf 'swapped\\n'
for side in $moved $copied; do printf '%s\\n' "$side"; done
exit 0
`;
