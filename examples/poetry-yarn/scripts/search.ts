function matches(title: string, words: string): boolean {
  return title.toLowerCase().includes(words.trim().toLowerCase());
}

const books: HTMLElement[] = [...document.querySelectorAll<HTMLElement>("li")];
const field = document.querySelector<HTMLInputElement>("input[type=search]")!;

field.addEventListener("input", () => {
  books.forEach((book) => book.toggleAttribute("hidden", !matches(book.textContent ?? "", field.value)));
});
