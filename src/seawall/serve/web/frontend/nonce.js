// Styles inside the player's elements need the page's nonce; build.mjs makes them read it from here.
globalThis.seawallNonce = document.querySelector('meta[name="csp-nonce"]')?.content ?? "";
