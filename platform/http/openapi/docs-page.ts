import type { Express } from 'express';
// Not the package's index: that loads the whole page's code into this process.
import getAbsoluteFSPath from 'swagger-ui-dist/absolute-path.js';
import { setRoute } from '../express-app.ts';

/** Relative addresses, so that the page also works behind a gateway. No inline script: the policy forbids it. */
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

/** Files of the package that the page needs. Its own index.html is not served: it has no content security policy. */
const assets = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const startScript = '/docs/start.js';
export const docsPaths: readonly string[] = ['/docs', startScript, ...assets.map((file) => `/docs/${file}`)];

/** Adds `/docs`: the OpenAPI document as a page, from local files only. */
export function addDocsPage(app: Express, title: string): void {
  const root = getAbsoluteFSPath();
  app.use('/docs', setRoute('/docs'), (_req, res, next) => {
    res.set('content-security-policy', policy);
    next();
  });
  app.get('/docs', (_req, res) => {
    res.type('html').send(page(title));
  });
  app.get('/docs/', (_req, res) => res.redirect(308, '../docs'));
  app.get(startScript, (_req, res) => {
    res.type('js').send(start);
  });
  for (const file of assets) app.get(`/docs/${file}`, (_req, res) => res.sendFile(file, { root }));
}
