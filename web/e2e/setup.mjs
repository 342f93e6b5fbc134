// A study on its way from nothing to release, in the browser alone, as a project leader goes it.
/** A person at a browser, who counts what they press and fill in. */
export class Person {
  constructor(page, look = async () => {}) {
    this.page = page;
    this.look = look; // at each page they come to: look(name)
    this.presses = 0;
    this.fields = 0;
  }
  /** Opens a link or presses a button by its words, and waits for the page it leads to. */
  async press(name, within = this.page) {
    const target = within.getByRole("button", { name, exact: true }).or(within.getByRole("link", { name, exact: true })).first();
    this.presses++;
    await target.click();
    await this.page.waitForLoadState("load");
  }
  async fill(label, value, within = this.page) {
    this.fields++;
    await within.getByLabel(label, { exact: true }).first().fill(value);
  }
  async choose(label) {
    this.presses++;
    await this.page.getByLabel(label, { exact: true }).first().check();
  }
  async pick(label, option) {
    this.fields++;
    await this.page.getByLabel(label, { exact: true }).first().selectOption(option);
  }
  async file(label, path) {
    this.fields++;
    await this.page.getByLabel(label, { exact: true }).setInputFiles(path);
  }
}

/** Makes a passkey with a virtual device, so that somebody can come back and prove who they are. */
export async function addKey(me) {
  const device = await me.page.context().newCDPSession(me.page);
  await device.send("WebAuthn.enable");
  await device.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await me.press("Manier van inloggen instellen");
  await me.look("account");
  await me.press("Maak een toegangssleutel");
  await me.page.getByRole("button", { name: /^Verwijder/ }).first().waitFor();
  await me.press("Uitvraag");
}

/**
 * Takes a study from nothing to release. files: {swv, gemeente, gebieden}, paths of registers.
 * Ends on the checklist of the released study.
 */
export async function setUp(me, { title, files, stratum, opens, closes, colleague }) {
  const { page } = me;
  await me.press("Nieuw onderzoek");
  await me.look("nieuw-onderzoek");
  await me.choose(/^Landelijke inventarisatie aansluiting onderwijs en jeugdhulp 2026/);
  await me.fill("Titel", title);
  await me.fill("Opent op", opens);
  await me.fill("Sluit op", closes);
  await me.fill("Wie voert het onderzoek uit?", "Bureau Lindeboom");
  await me.fill("In opdracht van wie?", "het ministerie van Proef");
  await me.fill("Telefoon voor vragen", "030 123 45 67");
  await me.fill("E-mail voor vragen", "hulp@example.nl");
  await me.press("Maak het onderzoek");
  await me.look("aan-de-slag");

  await me.press("Naar het register");
  for (const [label, file] of [["Bestand met samenwerkingsverbanden", files.swv], ["Bestand met gemeenten", files.gemeente], ["Bestand met welk samenwerkingsverband werkt in welke gemeente", files.gebieden]]) {
    await me.look("register");
    await me.file(label, file);
    await me.press(/^Lees dit bestand/, page.locator("section").filter({ has: page.getByLabel(label, { exact: true }) }));
    await me.look("kolommen");
    await me.press("Naar de controle");
    await me.look("controle");
    await me.press(/^Lees .* in$/);
  }
  await me.look("register-ingelezen");

  await me.press("Onderzoek");
  await me.press("Strata");
  await me.choose(stratum);
  await me.press(/^Bewaar ?: Gemeenten$/);
  await me.look("strata");

  await me.press("Plan");
  await me.look("plan");
  await me.press("Wijzig het plan");
  await me.fill("Naam", "Rust rond de jaarwisseling", page.locator(".closure").first());
  await me.fill("Eerste dag", closes.slice(0, 4) + "-12-30", page.locator(".closure").first());
  await me.fill("Laatste dag", closes.slice(0, 4) + "-12-31", page.locator(".closure").first());
  await me.press("Bekijk wat er verandert");
  await me.look("plan-verschil");
  await me.press("Bewaar deze wijziging");
  await me.look("plan-bewaard");

  await me.press("Teksten");
  await me.look("teksten");
  await me.press(/^Uitnodiging ?, ?e-mail/i);
  await me.fill("Onderwerp", "{{vraag}} Doet u mee?");
  await me.press("Werk het voorbeeld bij");
  await me.look("tekst");
  await me.press("Bewaar deze tekst");
  await me.press("Stuur mij een proefmail");
  await me.look("proefmail");

  await me.press("Privacy");
  await me.fill("Kenmerk van de verwerkersovereenkomst", "2026/14");
  await me.pick("Grondslag", "algemeen belang");
  await me.fill("Waar komen de adressen vandaan?", "Van de website van uw organisatie.");
  await me.fill("Hoe bereikt iemand de functionaris gegevensbescherming?", "fg@example.nl");
  await me.look("privacy");
  await me.press("Bewaar");
  await me.press("Vul in waarom dit onderzoek er is.");
  await me.fill("Wie ondertekent?", "M. van Dalen");
  await me.fill("Functie van wie ondertekent", "onderzoeker");
  await me.fill("Het onderzoek in één vraag", "Hoe werken onderwijs en jeugdhulp bij u samen?");
  await me.fill("Waarom dit onderzoek?", "Wij willen weten wat werkt.");
  await me.fill("Wanneer en waar zijn de uitkomsten te lezen?", "In het voorjaar op de website.");
  await me.look("instellingen");
  await me.press("Bewaar");

  if (colleague) {
    await me.press("Medewerkers");
    await me.fill("E-mailadres", colleague);
    await me.pick("Rol in dit onderzoek", "veldwerker");
    await me.press("Nodig uit");
    await me.look("medewerkers");
  }

  await me.press("Onderzoek");
  await me.look("checklist");
  for (const what of ["De lijst met wie wat krijgt is bekeken", "De voorbeelden van de berichten zijn bekeken"]) {
    await me.press(new RegExp("^Bekijk ?: " + what + "$"));
    await me.look("bekijk");
    await me.press("Ik heb dit bekeken");
  }
  await me.fill("Zelf nagekeken? Schrijf hoe", "Getest met een mail aan onszelf.");
  await me.press("Zelf nagekeken");
  await me.look("checklist-in-orde");
  await me.press("Geef het onderzoek vrij");
  await me.look("vrijgegeven");
}
