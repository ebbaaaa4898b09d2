import icons from "@museum/icons";
import dayjs from "dayjs";

import "./site.css";

document.querySelectorAll("[data-icon]").forEach((element) => {
  element.insertAdjacentHTML("afterbegin", icons[element.dataset.icon]);
});
document.querySelector("#today").textContent = dayjs().format("dddd, D MMMM");
