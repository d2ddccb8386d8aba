// The page of the HTTP API, drawn from /openapi.json without leaving this machine.
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

SwaggerUI({ url: "/openapi.json", dom_id: "#reference", deepLinking: false, validatorUrl: null });
