/** For a POSIX shell: sets `nice` to the words that make a program give way to the host's other work; to nothing where it has no `nice`. No single quotes. */
export const findNice = 'nice=; if command -v nice >/dev/null 2>&1; then nice="nice -n 10"; fi';
