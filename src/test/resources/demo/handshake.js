"use strict";

const PAIR = ["upgrade", "connection"];
const STATUS = {101: "101 Switching Protocols", 400: "400 Bad Request"};

/** All that is shown goes through here, as text. */
function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

/** Shows a handshake as the app received it: first the pair that matters, then the rest. */
function showHandshake(card, {status, version, fields}) {
  const answer = element("b", STATUS[status] ?? status, status === 101 ? "good" : "bad");
  card.querySelector(".verdict").replaceChildren(`GET /chat ${version} → `, answer);
  const others = fields.filter(([name]) => !PAIR.includes(name.toLowerCase()));
  card.querySelector(".pair").replaceChildren(ofPair("Upgrade", fields), ofPair("Connection", fields));
  card.querySelector(".others").replaceChildren(...others.map(([name, value]) => field(name, element("dd", value))));
}

function ofPair(name, fields) {
  const value = fields.filter(([other]) => other.toLowerCase() === name.toLowerCase()).map(([, it]) => it).join(", ");
  const good = name === "Upgrade" ? value === "websocket" : /\bupgrade\b/i.test(value);
  const shown = document.createElement("dd");
  const note = good ? "✓ restored by Culvert" : value ? "✗ it was “Upgrade”" : "✗ lost at the front";
  shown.append(value ? `${value} ` : "", element("span", note, "note"));
  return field(name, shown, good ? "good" : "bad");
}

function field(name, value, className) {
  const row = element("div", "", className);
  row.append(element("dt", `${name}:`), value);
  return row;
}
