export class Counter {
  constructor(element) {
    this.element = element;
    this.clicks = 0;
  }

  add() {
    this.clicks += 1;
    this.element.textContent = `${this.clicks} ${this.clicks === 1 ? "boat" : "boats"}`;
  }
}
