// Which card was chosen last.
document.querySelectorAll(".cards > p").forEach((card) => {
  card.addEventListener("click", () => {
    document.title = card.textContent;
  });
});
