"use strict";
const { digits, locked, wrong } = document.body.dataset;
const form = document.getElementById("form");
const field = document.getElementById("pin");
const said = document.getElementById("said");
let until = 0;

function tell() {
  const seconds = Math.ceil((until - performance.now()) / 1000);
  form.querySelector("button").disabled = seconds > 0;
  if (seconds > 0) {
    said.textContent = locked.replace("#", String(seconds).replace(/\d/g, (digit) => digits[digit]));
  } else if (until) {
    said.textContent = "";
    until = 0;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const pin = field.value;
  field.value = "";
  try {
    const answer = await fetch("/tablet/enter", { method: "POST", body: new URLSearchParams({ pin }) });
    if (answer.ok) {
      location.replace("/tablet");
      return;
    }
    said.textContent = wrong;
    const wait = answer.headers.get("Content-Type").startsWith("application/json") ? (await answer.json()).wait : 5;
    until = wait > 0 ? performance.now() + 1000 * wait : 0;
    tell();
  } catch { /* no network: what was typed is gone, and the page stays */ }
  field.focus();
});
setInterval(tell, 500);
