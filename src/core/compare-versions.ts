/** Negative when `a` is the older one: `15.2` and `15.10`. A comparison by locale, which knows numbers too, takes 6 ms to load. */
export function compareVersions(a: string, b: string): number {
  const [left = [], right = []] = [a, b].map((version) => version.split('.'));
  const numberOf = (part = '0'): number => Number.parseInt(part, 10);
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = numberOf(left[index]) - numberOf(right[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}
