import { greeting } from "./greeting";

const field = document.querySelector<HTMLInputElement>("#name")!;
const line = document.querySelector<HTMLElement>("#greeting")!;

field.addEventListener("input", () => {
  line.textContent = greeting(field.value.trim(), new Date());
});
