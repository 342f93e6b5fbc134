// The script of passkeys: it shows their buttons where the browser can use them,
// and carries the challenge to the device and the answer back. Nothing else on the
// page needs it.

const bytes = (text: string): ArrayBuffer => {
  const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out.buffer;
};

const text = (buffer: ArrayBuffer | null): string | undefined =>
  buffer === null ? undefined : btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function post(path: string, body?: unknown): Promise<Response> {
  return fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: body === undefined ? "{}" : JSON.stringify(body), redirect: "error" });
}

/** Asks the device for a passkey of this site, in answer to a challenge. */
async function use(challenge: any): Promise<unknown> {
  const o = challenge.publicKey;
  o.challenge = bytes(o.challenge);
  for (const c of o.allowCredentials ?? []) c.id = bytes(c.id);
  const key = (await navigator.credentials.get({ publicKey: o })) as PublicKeyCredential;
  const r = key.response as AuthenticatorAssertionResponse;
  return {
    id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: key.getClientExtensionResults(),
    response: { clientDataJSON: text(r.clientDataJSON), authenticatorData: text(r.authenticatorData), signature: text(r.signature), userHandle: text(r.userHandle) },
  };
}

/** Lets the device make a passkey. */
async function make(challenge: any): Promise<unknown> {
  const o = challenge.publicKey;
  o.challenge = bytes(o.challenge);
  o.user.id = bytes(o.user.id);
  for (const c of o.excludeCredentials ?? []) c.id = bytes(c.id);
  const key = (await navigator.credentials.create({ publicKey: o })) as PublicKeyCredential;
  const r = key.response as AuthenticatorAttestationResponse;
  return {
    id: key.id, rawId: text(key.rawId), type: key.type, clientExtensionResults: key.getClientExtensionResults(),
    response: { clientDataJSON: text(r.clientDataJSON), attestationObject: text(r.attestationObject), transports: r.getTransports?.() ?? [] },
  };
}

function serve(box: HTMLElement, begin: string, answer: (challenge: any) => Promise<unknown>): void {
  const button = box.querySelector("button")!;
  const wrong = box.querySelector<HTMLElement>(".error")!;
  box.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    wrong.textContent = "";
    try {
      const challenge = await post(begin);
      if (challenge.status === 403 && box.dataset.bevestig) {
        location.assign(box.dataset.bevestig);
        return;
      }
      if (!challenge.ok) throw new Error("challenge");
      const done = await post(box.dataset.antwoord!, await answer(await challenge.json()));
      if (!done.ok) throw new Error("answer");
      const { naar } = (await done.json()) as { naar: string };
      const form = box.closest<HTMLFormElement>("form[data-bevestigen]");
      if (naar !== "") location.assign(naar);
      else if (form) {
        for (const name of ["wachtwoord", "code"]) (form.elements.namedItem(name) as HTMLInputElement | null)?.remove();
        form.submit();
      }
    } catch (error) {
      const stopped = error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "AbortError");
      const known = error instanceof DOMException && error.name === "InvalidStateError";
      wrong.textContent = stopped ? "U stopte, of het duurde te lang. Probeer het nog eens." : known ? "Dit apparaat heeft al een toegangssleutel voor uw account." : "Dat lukte niet. Probeer het nog eens, of log op een andere manier in.";
    } finally {
      button.disabled = false;
    }
  });
}

if (window.PublicKeyCredential) {
  for (const box of document.querySelectorAll<HTMLElement>("[data-sleutel]")) serve(box, box.dataset.sleutel!, use);
  for (const box of document.querySelectorAll<HTMLElement>("[data-maken]")) serve(box, box.dataset.maken!, make);
}
