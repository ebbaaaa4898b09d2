// The keys 1 to 3 choose a card.
document.addEventListener("keydown", (event) => {
  document.querySelectorAll(".cards > p")[Number(event.key) - 1]?.click();
});
