/** The page at `/`. */
export const indexPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Orderstream</title>
</head>
<body>
<main>
<h1>Orderstream</h1>
<ul>
<li><a href="docs">Documentation of all requests</a></li>
<li><a href="openapi.json">The same as an OpenAPI document</a></li>
<li><a href="health/ready">Health</a></li>
</ul>
</main>
</body>
</html>
`;
