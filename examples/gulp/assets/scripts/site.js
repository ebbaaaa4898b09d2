const prices = [...document.querySelectorAll(".teas li")].map((tea) => Number(tea.dataset.price));
const sumOfAllTeas = prices.reduce((sum, price) => sum + price, 0);

document.querySelector("#sum").textContent = `All of them: ${sumOfAllTeas} euros`;
