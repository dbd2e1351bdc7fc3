import express, { Router } from 'express';
// Not the package's index: that loads the whole page's code into this process.
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js';

/** Relative addresses, so that the page works behind a gateway too. No inline script: the policy forbids it. */
const page = (title: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replace(/[&<>"]/g, '')}</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

const start = `window.ui = SwaggerUIBundle({ url: 'openapi.json', dom_id: '#swagger-ui', deepLinking: true });\n`;

const policy =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";

/** `/docs`: the API's description as a page, from files of this installation alone. */
export function docs(title: string): Router {
  const router = Router({ strict: true });
  router.get('/docs', (_req, res) => {
    res.set('content-security-policy', policy).type('html').send(page(title));
  });
  router.get('/docs/', (_req, res) => res.redirect(308, '../docs'));
  router.get('/docs/start.js', (_req, res) => {
    res.type('js').send(start);
  });
  router.use('/docs', express.static(getAbsoluteFSPath(), { index: false, redirect: false }));
  return router;
}
