export function greeting(hour) {
  return hour < 12 ? "Good morning" : "Good day";
}

if (typeof document !== "undefined") {
  document.querySelector("#greeting").textContent = greeting(
    new Date().getHours(),
  );
}
