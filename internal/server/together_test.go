package server_test

import (
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/web/ui"
)

// base is the path that every page of the shown questionnaire starts with.
func (v *visitor) base() string {
	v.t.Helper()
	parts := strings.SplitN(v.url.Path, "/", 4)
	if len(parts) < 4 || parts[1] != "vragenlijst" {
		v.t.Fatalf("%s is no questionnaire (%d): %.300s", v.url.Path, v.status, v.page.Text())
	}
	return "/vragenlijst/" + parts[2] + "/"
}

func (v *visitor) key() string { return strings.Split(v.base(), "/")[2] }

// walker answers for the visitor, at random.
func (v *visitor) walker(audience string) *walker {
	return &walker{visitor: v, form: v.site.Forms[audience], rnd: rand.New(rand.NewPCG(11, 5)), posted: answer.Values{}}
}

// fillOne answers the page that is shown.
func (v *visitor) fillOne(audience string) string {
	v.t.Helper()
	id := v.url.Path[strings.LastIndex(v.url.Path, "/")+1:]
	v.walker(audience).fill(v.site.Forms[audience].Page(id))
	return id
}

// wants fails unless the page has the status and holds the text.
func (v *visitor) wants(status int, text string) {
	v.t.Helper()
	if v.status != status || !strings.Contains(v.page.Text(), text) {
		v.t.Fatalf("%s: status %d, want %d with %q in: %.700s", v.url.Path, v.status, status, text, v.page.Text())
	}
}

// staff is a visitor who is logged in.
func (s *site) staff(t *testing.T) *visitor {
	t.Helper()
	link, err := s.Store.AddLogin(t.Context(), account.Account{Email: "p@onderzoek.example", Role: account.Role("projectleider")}, store.BySystem, s.now)
	if err != nil {
		t.Fatal(err)
	}
	v := s.visitor(t)
	v.get("/inloggen/" + link)
	v.post("/inloggen/"+link, url.Values{})
	v.get("/beheer/")
	if v.status != http.StatusOK || v.url.Path != "/beheer/" {
		t.Fatalf("not logged in: %s", v.page.Text())
	}
	return v
}

func (s *site) unit(t *testing.T, audience string, n int) store.Unit {
	t.Helper()
	u, err := s.Store.Unit(t.Context(), s.Study.ID, audience, s.Links[audience][n].Unit)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (s *site) kinds(t *testing.T, audience string, n int) map[event.Kind]int {
	t.Helper()
	f, err := s.Store.UnitFile(t.Context(), s.unit(t, audience, n).ID)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[event.Kind]int{}
	for _, e := range f.Events {
		kinds[e.Kind]++
	}
	return kinds
}

// forwardTo passes the questionnaire on and returns the path of the new link.
func (v *visitor) forwardTo(name string, sections ...string) string {
	v.t.Helper()
	v.get(v.base() + "doorsturen")
	v.press("actie", "doorsturen", url.Values{"naam": {name}, "email": {"collega@lindehoven.example"}, "deel": sections})
	v.wants(http.StatusOK, "De link voor "+name+" is klaar")
	input, ok := v.page.First("input", "id", "nieuwe-link")
	if !ok {
		v.t.Fatal("the link is not shown")
	}
	return strings.TrimPrefix(input.Attr("value"), v.site.URL)
}

func TestColleagueFillsInTheSameQuestionnaire(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	sender := s.visitor(t)
	sender.enter("swv", 0)
	key := sender.key()
	link := sender.forwardTo("Jan Jansen")
	mail, _ := sender.page.First("a", "class", "btn")
	if href := mail.Attr("href"); !strings.HasPrefix(href, "mailto:collega@lindehoven.example?subject=") || !strings.Contains(href, url.QueryEscape(s.URL+link)) || strings.Contains(href, "+") {
		t.Errorf("the letter to the colleague is %q", href)
	}
	if sender.get(sender.base() + "doorsturen"); strings.Contains(sender.body, link) {
		t.Error("the link is shown twice")
	}

	colleague := s.visitor(t)
	colleague.get(link)
	colleague.press("actie", "volgende", nil)
	if colleague.key() != key {
		t.Fatalf("the colleague has questionnaire %s, the sender %s", colleague.key(), key)
	}
	page := colleague.fillOne("swv")
	sender.get(sender.base() + "doorsturen")
	sender.wants(http.StatusOK, "1 pagina ingevuld")
	if strings.Contains(colleague.get(colleague.base()+"doorsturen").body, "intrek:") {
		t.Error("the colleague can withdraw the sender")
	}

	sender.get(sender.base() + "doorsturen")
	button, ok := sender.page.First("button", "name", "extra")
	if !ok {
		t.Fatal("no button to withdraw")
	}
	sender.post(sender.url.Path, url.Values{"extra": {button.Attr("value")}})
	sender.wants(http.StatusOK, "Link ingetrokken")
	colleague.get("/vragenlijst/" + key + "/" + page)
	if colleague.status != http.StatusNotFound {
		t.Errorf("the colleague still sees the answers: %d", colleague.status)
	}
	if colleague.get(link); colleague.status != http.StatusGone {
		t.Errorf("the link of the colleague gives %d", colleague.status)
	}
	state, rebuilt, err := s.Store.Rebuilt(t.Context(), key)
	if err != nil || len(state) == 0 || !maps.Equal(state, rebuilt) {
		t.Errorf("the answers of the colleague are gone: %v, %v", state, err)
	}
}

func TestForwardAsksForSections(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	v := s.visitor(t)
	v.enter("swv", 0)
	section := s.Forms["swv"].In.Sections[1]
	v.get(v.base() + "doorsturen")
	v.press("actie", "doorsturen", url.Values{"naam": {" "}, "email": {"jan@"}, "deel": {section.ID}})
	v.wants(http.StatusUnprocessableEntity, "2 velden kloppen nog niet")
	if f := v.page.PostForm(t); f.Values.Get("deel") != section.ID || f.Values.Get("email") != "jan@" {
		t.Errorf("the form forgets: %v", f.Values)
	}
	v.press("actie", "doorsturen", url.Values{"naam": {"Jan\x00 Jansen"}, "email": {"jan@lindehoven.example"}, "deel": {section.ID, "bestaat-niet"}})
	v.wants(http.StatusOK, "De link voor Jan Jansen is klaar")
	v.get(v.base() + "doorsturen")
	v.wants(http.StatusOK, section.Title+". Nog niets ingevuld")
	if n := s.kinds(t, "swv", 0)[event.Forwarded]; n != 1 {
		t.Errorf("forwarded %d times", n)
	}
}

func TestAnswersCountForAnotherUnitOnceConfirmed(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 3)
	v := s.visitor(t)
	v.enter("gemeente", 0)
	other, third := s.Links["gemeente"][1].Unit, s.Links["gemeente"][2].Unit
	path := v.base() + "ook-voor"
	v.get(path)
	v.press("actie", "toevoegen", nil)
	v.wants(http.StatusUnprocessableEntity, "Kies voor welke organisatie u ook antwoordt.")
	v.post(path, url.Values{"eenheid": {other}, "reden": {"0"}, "actie": {"toevoegen"}})
	v.wants(http.StatusOK, "De onderzoekers bevestigen dit nog.")
	v.post(path, url.Values{"eenheid": {third}, "reden": {"1"}, "actie": {"toevoegen"}})
	v.post(path, url.Values{"extra": {"verwijder:" + third}})
	if v.status != http.StatusOK || strings.Contains(v.body, "verwijder:"+third) {
		t.Fatalf("the claim stays: %d", v.status)
	}
	v.post(path, url.Values{"eenheid": {s.Links["gemeente"][0].Unit}, "reden": {"0"}})
	v.wants(http.StatusUnprocessableEntity, "Kies een andere organisatie")

	v.get(v.base() + "controleren")
	v.walker("gemeente").walkFrom(v.base())
	if u := s.unit(t, "gemeente", 1); u.Status != "" {
		t.Errorf("a claim counts before it was confirmed: %+v", u)
	}
	if anonymous := s.visitor(t).post("/beheer/"+s.Study.Slug+"/eenheden/gemeente/"+other+"/bevestig", nil); anonymous.url.Path != "/inloggen" {
		t.Errorf("anybody can confirm: %s", anonymous.url.Path)
	}
	staff := s.staff(t)
	staff.get("/beheer/" + s.Study.Slug + "/eenheden/gemeente/" + other)
	staff.wants(http.StatusOK, "zegt ook voor deze eenheid te antwoorden")
	form, _ := staff.page.First("input", "name", "door")
	staff.post("/beheer/"+s.Study.Slug+"/eenheden/gemeente/"+other+"/bevestig", url.Values{"door": {form.Attr("value")}, "actie": {"bevestigen"}})
	staff.wants(http.StatusOK, "Via een ander")
	if _, again := staff.page.First("button", "value", "bevestigen"); again {
		t.Error("a confirmed claim can be confirmed")
	}
	if u := s.unit(t, "gemeente", 1); !u.Covered || u.Status != "submitted" {
		t.Errorf("a confirmed claim does not count: %+v", u)
	}
	rows, err := s.Store.Filled(t.Context(), s.Study.ID, "gemeente")
	if err != nil || len(rows) != 1 || !slices.Equal(rows[0].Covers, []string{other}) {
		t.Errorf("filled: %+v, %v", rows, err)
	}
}

// TestAUnitDecidesWhoAnswersForIt lets a unit read on its own link that another
// says to answer for it, say yes, and later no.
func TestAUnitDecidesWhoAnswersForIt(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 3)
	for n := range 2 { // two say so: only one can count
		v := s.visitor(t)
		v.enter("swv", n)
		v.post(v.base()+"ook-voor", url.Values{"eenheid": {s.Links["swv"][2].Unit}, "reden": {"0"}, "actie": {"toevoegen"}})
		v.wants(http.StatusOK, "U antwoordt ook voor")
	}
	v := s.visitor(t)
	link := "/v/" + s.Links["swv"][2].Token
	path := link + "/antwoord-van-ander"
	before := s.kinds(t, "swv", 2)
	v.get(link)
	v.wants(http.StatusOK, "zegt ook voor u te antwoorden")
	v.get(path)
	v.press("actie", "volgende", nil)
	v.wants(http.StatusUnprocessableEntity, "Kies of de antwoorden ook voor u gelden.")
	v.press("actie", "volgende", url.Values{"keuze": {"ja"}})
	v.wants(http.StatusOK, "Klopt dit?")
	if after := s.kinds(t, "swv", 2); !maps.Equal(before, after) {
		t.Fatalf("something was recorded before the second press: %v", after)
	}
	v.press("actie", "bevestig", nil)
	v.wants(http.StatusOK, "antwoordt ook voor u")
	v.get(path) // the other one
	v.press("actie", "volgende", url.Values{"keuze": {"ja"}})
	v.press("actie", "bevestig", nil)
	file, err := s.Store.UnitFile(t.Context(), s.unit(t, "swv", 2).ID)
	if err != nil || file.CoveredBy == nil || file.CoveredBy.Code != s.Links["swv"][0].Unit || len(file.Claims) != 2 {
		t.Fatalf("covered by %+v with claims %+v, %v", file.CoveredBy, file.Claims, err)
	}
	for range 2 {
		v.get(path)
		v.press("actie", "volgende", url.Values{"keuze": {"nee"}})
		v.press("actie", "bevestig", nil)
	}
	v.wants(http.StatusOK, "Start de vragenlijst")
	if strings.Contains(v.page.Text(), "voor u") && strings.Contains(v.page.Text(), "antwoordt ook") {
		t.Errorf("still answered for: %s", v.page.Text())
	}
	file, err = s.Store.UnitFile(t.Context(), s.unit(t, "swv", 2).ID)
	if err != nil || file.CoveredBy != nil || len(file.Claims) != 0 {
		t.Errorf("covered by %+v with claims %+v, %v", file.CoveredBy, file.Claims, err)
	}
	if v.get(path); v.status != http.StatusNotFound {
		t.Errorf("nobody claims, and the page gives %d", v.status)
	}
}

func TestAClaimMadeAgainAsksForConfirmationAgain(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 2)
	v := s.visitor(t)
	v.enter("swv", 0)
	other := s.Links["swv"][1].Unit
	claim := func() {
		v.post(v.base()+"ook-voor", url.Values{"eenheid": {other}, "reden": {"0"}, "actie": {"toevoegen"}})
	}
	claim()
	claim() // pressed twice
	if n := s.kinds(t, "swv", 1)[event.Claimed]; n != 1 {
		t.Errorf("one claim, %d events", n)
	}
	unit := s.unit(t, "swv", 1)
	if err := s.Store.ConfirmClaim(t.Context(), unit.ID, s.Links["swv"][0].Unit, store.BySystem, s.now); err != nil {
		t.Fatal(err)
	}
	v.post(v.base()+"ook-voor", url.Values{"extra": {"verwijder:" + other}})
	claim()
	v.wants(http.StatusOK, "De onderzoekers bevestigen dit nog.")
}

func TestTwoClaimsConfirmedAtOnceCountOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 3)
	other := s.Links["swv"][2].Unit
	for i := range 2 {
		v := s.visitor(t)
		v.enter("swv", i)
		v.post(v.base()+"ook-voor", url.Values{"eenheid": {other}, "reden": {"0"}, "actie": {"toevoegen"}})
	}
	unit := s.unit(t, "swv", 2)
	var wait sync.WaitGroup
	for i := range 2 {
		wait.Go(func() {
			if err := s.Store.ConfirmClaim(t.Context(), unit.ID, s.Links["swv"][i].Unit, store.BySystem, s.now); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := s.kinds(t, "swv", 2)[event.Covered]; n != 2 {
		t.Errorf("two claims confirmed, %d events", n)
	}
}

// walkFrom answers what is still open and sends.
func (w *walker) walkFrom(base string) {
	w.t.Helper()
	w.get(base)
	w.press("actie", "volgende", nil)
	w.walk()
}

func TestDecliningTakesAChoiceAndASecondPress(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	v := s.visitor(t)
	link := "/v/" + s.Links["swv"][0].Token
	before := s.kinds(t, "swv", 0)
	v.get(link)
	v.wants(http.StatusOK, "Wij doen niet mee")
	v.get(link + "/niet-meedoen")
	v.post(link+"/niet-meedoen", url.Values{"actie": {"volgende"}})
	v.wants(http.StatusUnprocessableEntity, "Kies een reden.")
	v.post(link+"/niet-meedoen", url.Values{"actie": {"volgende"}, "reden": {"geen_tijd"}, "toelichting": {strings.Repeat("é", 201)}})
	v.wants(http.StatusUnprocessableEntity, "korter dan 200 tekens")
	v.post(link+"/niet-meedoen", url.Values{"actie": {"volgende"}, "reden": {"geen_tijd"}, "toelichting": {"te druk\r\nsorry"}})
	v.wants(http.StatusOK, "Weet u zeker dat u niet meedoet?")
	if after := s.kinds(t, "swv", 0); !maps.Equal(before, after) {
		t.Fatalf("something was recorded before the second press: %v", after)
	}
	v.press("actie", "bevestig", nil)
	v.wants(http.StatusOK, "U doet niet mee")
	if u := s.unit(t, "swv", 0); !u.Refused {
		t.Error("the refusal is not recorded")
	}
	v.get(link)
	v.wants(http.StatusOK, "U doet niet mee Dat liet u weten op "+ui.Date(s.now)+".")
	v.wants(http.StatusOK, "Bedenkt u zich? Druk dan op ‘Start de vragenlijst’.")
	v.get(link + "/niet-meedoen")
	v.press("actie", "toch", nil)
	if u := s.unit(t, "swv", 0); u.Refused || v.url.Path != link {
		t.Errorf("not back: %+v at %s", u, v.url.Path)
	}
}

func TestCoreQuestionsInsteadOfRefusing(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	v := s.visitor(t)
	link := "/v/" + s.Links["swv"][0].Token
	v.get(link + "/niet-meedoen")
	v.wants(http.StatusOK, "Liever een korte versie?")
	v.post(link+"/kernvragen", nil)
	v.get(v.base())
	v.wants(http.StatusOK, "U beantwoordt alleen de kernvragen")
	v.post(v.base()+"alle-vragen", nil)
	if strings.Contains(v.page.Text(), "alleen de kernvragen") {
		t.Error("still the core questions only")
	}
	v.post(link+"/kernvragen", nil)
	v.walker("swv").walkFrom(v.base())
	rows, err := s.Store.Filled(t.Context(), s.Study.ID, "swv")
	if err != nil || len(rows) != 1 || rows[0].Status != answer.Kernvragen {
		t.Fatalf("filled: %+v, %v", rows, err)
	}
}

func TestCorrectingAfterSending(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	v := s.visitor(t)
	v.enter("swv", 0)
	v.walker("swv").walk()
	first := v.page.Text()
	key := v.key()
	v.post(v.base()+"controleren", url.Values{"actie": {"versturen"}}) // a double click
	if v.page.Text() != first {
		t.Errorf("sending twice gives another page: %.300s", v.page.Text())
	}
	v.press("actie", "wijzigen", nil)
	v.wants(http.StatusOK, "Waarom wijzigt u uw antwoorden?")
	v.press("actie", "versturen", nil)
	v.wants(http.StatusUnprocessableEntity, "Vul in waarom u uw antwoorden wijzigt.")
	if r := s.response(t); r.Revision != 1 {
		t.Fatalf("sent without a reason: %+v", r)
	}
	v.get("/vragenlijst/" + key + "/" + s.Forms["swv"].Pages[0].ID + "?controleren")
	v.fillOne("swv")
	v.get("/vragenlijst/" + key + "/controleren")
	v.press("actie", "versturen", url.Values{"reden": {"Een typefout"}})
	v.wants(http.StatusOK, "Wij hebben uw antwoorden ontvangen")
	if v.page.Text() == first {
		t.Error("the receipt is the same")
	}
	if r := s.response(t); r.Revision != 2 {
		t.Errorf("revision %d, want 2", r.Revision)
	}
	s.now = fixture.Closes.AddDate(0, 0, 1)
	v.enter("swv", 0)
	v.get("/vragenlijst/" + key + "/ontvangst")
	if v.status != http.StatusOK || strings.Contains(v.body, "wijzigen") {
		t.Error("answers of a closed study can be changed")
	}
	if v.post("/vragenlijst/"+key+"/wijzigen", nil); v.status != http.StatusGone {
		t.Errorf("reopening a closed study gives %d", v.status)
	}
}

// response is the only one that was sent.
func (s *site) response(t *testing.T) answer.Filled {
	t.Helper()
	rows, err := s.Store.Filled(t.Context(), s.Study.ID, "swv")
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	return rows[0]
}

func TestLetterCodeForgivesHowItIsTyped(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	staff := s.staff(t)
	unit := "/beheer/" + s.Study.Slug + "/eenheden/swv/" + s.Links["swv"][0].Unit
	staff.get(unit)
	staff.post(unit+"/code", nil)
	shown, ok := staff.page.First("kbd")
	if !ok {
		t.Fatalf("no code: %s", staff.page.Text())
	}
	path := strings.TrimPrefix(shown.Text(), s.URL)
	code := strings.TrimPrefix(path, "/v/")
	for name, typed := range map[string]string{
		"as printed": code, "lower case": strings.ToLower(code), "without dashes": strings.ReplaceAll(code, "-", ""),
		"spaces": " " + strings.ReplaceAll(code, "-", " ") + " ", "O for 0": strings.ReplaceAll(code, "0", "O"), "l for 1": strings.ReplaceAll(code, "1", "l"),
	} {
		v := s.visitor(t)
		v.get("/code")
		v.press("actie", "volgende", url.Values{"code": {typed}})
		if v.url.Path != path || v.status != http.StatusOK {
			t.Errorf("%s (%q) leads to %s (%d)", name, typed, v.url.Path, v.status)
		}
	}
	v := s.visitor(t)
	if v.get("/v/" + strings.ToLower(code) + "."); v.url.Path != path {
		t.Errorf("the address in lower case leads to %s", v.url.Path)
	}
	v.press("actie", "volgende", nil)
	v.base()
	wrong := map[string]string{"typo": swap(code), "short": code[:10], "empty": "", "strange": "<script>", "unknown": store.NewCode()}
	for name, typed := range wrong {
		v.post("/code", url.Values{"code": {typed}})
		if v.status != http.StatusUnprocessableEntity && (name != "unknown" || v.status != http.StatusNotFound) || len(v.page.All("div", "class", "error-summary")) != 1 {
			t.Errorf("%s: %d", name, v.status)
		}
	}
}

// swap makes a typing error: another last character before the check digit.
func swap(code string) string {
	at := len(code) - 3
	if code[at] == 'A' {
		return code[:at] + "B" + code[at+1:]
	}
	return code[:at] + "A" + code[at+1:]
}

func TestBlankQuestionnaireShowsEveryQuestionOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, "inventarisatie-2026", 1)
	for _, audience := range []string{"swv", "gemeente"} {
		v := s.visitor(t)
		v.get("/v/" + s.Links[audience][0].Token)
		link, ok := v.page.First("a", "class", "btn second")
		if !ok {
			t.Fatal("the landing page has no link to all questions")
		}
		v.get(link.Attr("href"))
		v.wants(http.StatusOK, s.Forms[audience].In.Title)
		if n := len(v.page.All("input")) + len(v.page.All("textarea")) + len(v.page.All("form")); n > 0 {
			t.Errorf("%d fields and forms", n)
		}
		heads := map[string]int{}
		for _, h := range v.page.All("h3") {
			_, text, _ := strings.Cut(h.Text(), ". ")
			heads[text]++
		}
		asked := map[string]int{}
		seen := map[string]bool{}
		for _, p := range s.Forms[audience].Pages {
			if !seen[p.Question.ID] {
				seen[p.Question.ID] = true
				asked[strings.Join(strings.Fields(p.Question.Text), " ")]++
			}
		}
		if !maps.Equal(heads, asked) {
			t.Errorf("%s: questions %v, want %v", audience, heads, asked)
		}
	}
	if v := s.visitor(t).get("/onderzoek/" + s.Study.Slug + "/vragenlijst/niemand"); v.status != http.StatusNotFound {
		t.Errorf("an audience that is not there: %d", v.status)
	}
}
