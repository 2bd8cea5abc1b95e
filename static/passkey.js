// Passkeys: asks the browser for one and sends what it answers as an ordinary form.
// A form with data-passkey="create|get" has a hidden field "credential", and its options in the
// JSON that data-options names, or at the address data-ask. Without this script the form is hidden.
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) {
    return;
  }

  const bytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0)).buffer;
  };
  const text = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withBytes = (credentials) => (credentials || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const ways = {
    create: (options) =>
      navigator.credentials.create({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          user: { ...options.user, id: bytes(options.user.id) },
          excludeCredentials: withBytes(options.excludeCredentials),
        },
      }),
    get: (options) =>
      navigator.credentials.get({
        publicKey: {
          ...options,
          challenge: bytes(options.challenge),
          allowCredentials: withBytes(options.allowCredentials),
        },
      }),
  };

  const parts = ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];
  const answer = (credential) => {
    const response = {};
    for (const part of parts) {
      if (credential.response[part]) {
        response[part] = text(credential.response[part]);
      }
    }
    if (credential.response.getTransports) {
      response.transports = credential.response.getTransports();
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
    });
  };

  const optionsOf = async (form) => {
    if (!form.dataset.ask) {
      const data = JSON.parse(document.getElementById(form.dataset.options).textContent);
      return (data.creation_options || data.request_options).publicKey;
    }
    const response = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
    if (!response.ok) {
      throw new Error(response.status);
    }
    return (await response.json()).request_options.publicKey;
  };

  // A key that signs in alone must live on the device and ask for a finger, a face or a PIN.
  const asPasskey = (options) => ({
    ...options,
    authenticatorSelection: {
      ...options.authenticatorSelection,
      residentKey: "required",
      requireResidentKey: true,
      userVerification: "required",
    },
  });

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const failed = document.getElementById(form.dataset.failed);
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      failed.textContent = "";
      try {
        let options = await optionsOf(form);
        if (form.elements.passwordless?.checked) {
          options = asPasskey(options);
        }
        form.elements.credential.value = answer(await ways[form.dataset.passkey](options));
        form.submit();
      } catch (error) {
        failed.textContent = failed.dataset.text;
      }
    });
  }
})();
