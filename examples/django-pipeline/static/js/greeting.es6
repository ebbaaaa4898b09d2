class Greeting {
  constructor(name) {
    this.name = name;
  }

  text() {
    return `Hello, ${this.name ?? "world"}!`;
  }
}

document.querySelector("#greeting").textContent = new Greeting("Babel").text();
