/** Shows the API's own description, from this server and nowhere else. */

const { SwaggerUIBundle } = /** @type {{ SwaggerUIBundle: (options: object) => void }} */ (
  /** @type {unknown} */ (globalThis)
);

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger",
  tryItOutEnabled: true,
  validatorUrl: null,
});
