import { Counter } from "./counter";

import "./site.css";

const counter = new Counter(document.querySelector("#count"));
document.querySelector("#more").addEventListener("click", () => counter.add());
