import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** Reads streams from the node's own JSON. Content is inserted as text, never as markup. */
const SCRIPT = `
const list = document.querySelector('tbody');
const state = document.querySelector('output');
const field = document.querySelector('input');
const cell = (row, text) => { row.insertCell().textContent = text; };
async function show(stream) {
  const response = await fetch('/streams/' + encodeURIComponent(stream));
  list.replaceChildren();
  if (!response.ok) { state.value = 'No such stream.'; return; }
  const { entries } = await response.json();
  state.value = 'The newest ' + entries.length + ' events:';
  for (const entry of entries) {
    const row = list.insertRow();
    cell(row, entry.title);
    cell(row, entry.summary);
    cell(row, entry.updated);
    cell(row, entry.data);
    cell(row, entry.metadata);
  }
}
document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  location.hash = encodeURIComponent(field.value);
});
const follow = () => {
  field.value = decodeURIComponent(location.hash.slice(1));
  show(field.value || '$all');
};
addEventListener('hashchange', follow);
follow();
`;

const STYLE =
  'body{font:15px system-ui;margin:2rem}td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}td{font-family:monospace;overflow-wrap:anywhere}';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** The page may load nothing from other servers and run only its own script. */
const POLICY = `default-src 'none'; connect-src 'self'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}`;

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Streams</title><style>${STYLE}</style></head>
<body>
<h1>Streams</h1>
<form><label>Stream <input name="stream" placeholder="$all" autocomplete="off"></label> <button>Show</button></form>
<p><output></output></p>
<table>
<thead><tr><th>Event</th><th>Type</th><th>Written</th><th>Data</th><th>Metadata</th></tr></thead>
<tbody></tbody>
</table>
<script>${SCRIPT}</script>
</body>
</html>
`;

/** Sends a page that shows the newest events of one stream, or of `$all`. */
export const sendInspector = (response: ServerResponse): void => {
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY })
    .end(PAGE);
};
