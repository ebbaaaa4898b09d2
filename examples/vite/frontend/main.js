import dayjs from "dayjs";

import "./site.css";

// The key holds the site's id, so that two sites on one host do not read each other's.
const key = `${__SITE_ID__}:last-visit`;
const last = localStorage.getItem(key);

document.querySelector("#last-visit").textContent = last
  ? `You were here on ${dayjs(last).format("D MMMM YYYY")}.`
  : "You are here for the first time.";
localStorage.setItem(key, dayjs().toISOString());
