package server_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/htmltest"
	"github.com/uitvraag/uitvraag/internal/store"
)

// satisfied lets swv answer how satisfied they are, in the core and elsewhere.
func (l *lab) satisfied(t *testing.T, n int) {
	t.Helper()
	var rows []form.FileRow
	for i := range n {
		rows = append(rows, form.FileRow{Line: i + 2, Unit: l.Links["swv"][i].Unit, Mode: answer.Web, Status: answer.Submitted, Sent: *l.clock.Load(),
			Answers: answer.Values{"b5_11_kern": fmt.Sprint(3 + i%3), "b5_11_overig": fmt.Sprint(1 + i%2)}})
	}
	if problems, err := l.Store.ImportResponses(t.Context(), l.Study, "swv", l.Forms["swv"], rows, store.BySystem, *l.clock.Load()); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
}

// linkTo is the first link with a text that begins so.
func linkTo(t *testing.T, page htmltest.Node, begins string) string {
	t.Helper()
	for _, a := range page.All("a", "href", "*") {
		if strings.HasPrefix(a.Text(), begins) {
			return a.Attr("href")
		}
	}
	t.Fatalf("no link that begins with %q in: %.600s", begins, page.Text())
	return ""
}

// TestASentenceLeadsToTheRowsBehindIt follows an expectation from its sentence to what
// one unit answered, in four clicks.
func TestASentenceLeadsToTheRowsBehindIt(t *testing.T) {
	t.Parallel()
	l := newLab(t, 12, "")
	l.satisfied(t, 12)
	cookie := l.as(t, "onderzoeker", account.Onderzoeker)
	visit := func(path string) htmltest.Node {
		t.Helper()
		path, _, _ = strings.Cut(path, "#")
		resp := l.get(t, path, cookie)
		wantStatus(t, path, resp, http.StatusOK)
		return htmltest.Parse(t, bodyOf(t, resp))
	}
	base := "/beheer/" + l.Study.Slug
	overview := visit(base + "/analyse")
	tests := visit(linkTo(t, overview, "Bevestigd: de toets laat zien"))   // 1
	cross := visit(linkTo(t, tests, "Kerngemeente(n) (B.5.11) tegenover")) // 2
	if text := cross.Text(); !strings.Contains(text, "Stuart-Maxwell") || !strings.Contains(text, "dezelfde respondenten") || !strings.Contains(text, "Terug naar de toetsen van H3") {
		t.Errorf("the table of a paired test: %.2000s", text)
	}
	cell, ok := cross.First("td", "id", "b5_11_kern--zeer_ontevreden-neutraal")
	if !ok {
		t.Fatalf("the cell is not there: %.1500s", cross.Text())
	}
	link, _ := cell.First("a")
	rows := visit(link.Attr("href")) // 3
	if n := len(rows.All("tr")) - 1; n != 2 || strings.Contains(rows.Text(), "PO90") {
		t.Errorf("%d rows behind a number of 2 units: %.800s", n, rows.Text())
	}
	who, _ := rows.First("th", "scope", "row")
	record := visit(linkTo(t, who, "")) // 4
	if text := record.Text(); !strings.Contains(text, "b5_11_overig") || !strings.Contains(text, "1 Zeer ontevreden") || strings.Contains(text, "PO90") {
		t.Errorf("all that one answered: %.800s", text)
	}
	// who may see tables alone sees numbers and nobody behind them
	reader := l.as(t, "lezer", account.Lezer)
	wantStatus(t, "rows for a reader", l.get(t, link.Attr("href"), reader), http.StatusForbidden)
	if strings.Contains(bodyOf(t, l.get(t, linkTo(t, tests, "Kerngemeente(n) (B.5.11) tegenover"), reader)), "/analyse/rijen/") {
		t.Error("a reader is led to rows")
	}
	for path, want := range map[string]int{"?rij=weg": 422, "?rij=b5_11_kern&kolom=weg": 422, "?rij=b5_11_kern&voorwaarde=regio+%3D": 422, "?rij=b5_11_kern&kolom=b5_11_kern": 422, "?rij=sch_meerwaarde&kolom=b5_2_kern&maat=gemiddelde": 200, ".xlsx?rij=b5_11&kolom=regio": 200, ".docx?rij=b5_11_kern": 200, ".json?rij=b5_11_kern": 200, "/figuur.svg?rij=b5_11_kern": 200} {
		wantStatus(t, path, l.get(t, base+"/analyse/kruistabel/swv"+path, cookie), want)
	}
	wantStatus(t, "an old address", l.get(t, base+"/schalen/swv.csv", cookie), http.StatusMovedPermanently)
}

const expectation = `uitvraag: 1
register: proef
title: "Proef"
instruments: [swv]
hypotheses:
  - id: V1
    expectation: "Meer tevreden in de kern."
    tests:
      - {instrument: swv, test: wilcoxon, compare: [b5_11_kern, %s], direction: positive}
`

// TestExpectationsArePutDownByAFile adds one in the browser, sees it tested, and tries
// to take it away before and after somebody may have used it.
func TestExpectationsArePutDownByAFile(t *testing.T) {
	t.Parallel()
	l := newLab(t, 12, "")
	l.satisfied(t, 12)
	cookie := l.as(t, "onderzoeker", account.Onderzoeker)
	path := "/beheer/" + l.Study.Slug + "/analyse/verwachtingen"
	wrong := fmt.Sprintf(expectation, "b5_99")
	resp := l.post(t, path, cookie, url.Values{"tekst": {wrong}})
	body := bodyOf(t, resp)
	if resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Regel 9, positie 1: De vragenlijst ‘swv’ heeft geen variabele ‘b5_99’.") || !strings.Contains(body, "register: proef") {
		t.Errorf("a variable that is not there: %d", resp.StatusCode)
	}
	right := fmt.Sprintf(expectation, "b5_11_overig")
	if body := bodyOf(t, l.post(t, path, cookie, url.Values{"tekst": {right}, "actie": {"controleren"}})); !strings.Contains(body, "Er zijn geen fouten gevonden.") || one[int](t, l, `select count(*) from analysis.register`) != 0 {
		t.Error("checking keeps it, or finds faults")
	}
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	f, _ := m.CreateFormFile("bestand", "proef.yaml")
	_, _ = f.Write([]byte(right)) // into memory
	_ = m.Close()
	resp = l.do(t, request{method: "POST", path: path, body: b.String(), cookies: []*http.Cookie{cookie}, header: map[string]string{"Content-Type": m.FormDataContentType()}})
	wantStatus(t, "a file", resp, http.StatusSeeOther)
	wantStatus(t, "the same again", l.post(t, path, cookie, url.Values{"tekst": {right}}), http.StatusUnprocessableEntity)
	wantStatus(t, "by a reader", l.post(t, path, l.as(t, "lezer", account.Lezer), url.Values{"tekst": {right}}), http.StatusForbidden)
	if body := bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug+"/analyse", cookie)); !strings.Contains(body, "Meer tevreden in de kern.") || !strings.Contains(body, "voor de sluiting") {
		t.Error("the new expectation is not tested, or does not say when it was put down")
	}
	id := one[string](t, l, `select id::text from analysis.register`)
	if got := bodyOf(t, l.get(t, path+"/"+id+".yaml", cookie)); got != right {
		t.Errorf("the file comes back as %q", got)
	}
	l.at(l.Study.Closes.Add(time.Hour))
	cookie = l.as(t, "later", account.Onderzoeker)
	resp = l.post(t, path+"/"+id+"/verwijderen", cookie, nil)
	if body := bodyOf(t, resp); resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Zeg waarom") {
		t.Errorf("removing what may have been used: %d", resp.StatusCode)
	}
	wantStatus(t, "with a reason", l.post(t, path+"/"+id+"/verwijderen", cookie, url.Values{"reden": {"dubbel"}}), http.StatusSeeOther)
	if body := bodyOf(t, l.get(t, path, cookie)); !strings.Contains(body, "Ingetrokken") || !strings.Contains(body, "dubbel") {
		t.Error("what was withdrawn is not to be seen")
	}
	wantStatus(t, "afterwards", l.post(t, path, cookie, url.Values{"tekst": {right}}), http.StatusSeeOther)
	if body := bodyOf(t, l.get(t, "/beheer/"+l.Study.Slug+"/analyse", cookie)); !strings.Contains(body, "Achteraf toegevoegd") {
		t.Error("what was added afterwards does not say so")
	}
	if body := bodyOf(t, l.get(t, path, cookie)); !strings.Contains(body, "Verwijder") {
		t.Error("what nobody used cannot be removed")
	}
	l.exec(t, `do $$ begin
		if (select count(*) from staff.audit where action in ('verwachtingen vastgelegd', 'verwachtingen ingetrokken')) <> 3 then raise 'three lines'; end if;
		begin update analysis.register set title = 'x'; raise 'it changed'; exception when restrict_violation then null; end;
	end $$`)
}

// TestWhatOtherNumbersChangeInTheTextIsListed compares the drafts with those of a
// snapshot, and sets how many statements a score needs.
func TestWhatOtherNumbersChangeInTheTextIsListed(t *testing.T) {
	t.Parallel()
	l := newLab(t, 24, "")
	l.satisfied(t, 12)
	cookie := l.as(t, "onderzoeker", account.Onderzoeker)
	base := "/beheer/" + l.Study.Slug
	changes := func() string {
		return htmltest.Parse(t, bodyOf(t, l.get(t, base+"/analyse/wijzigingen/swv", cookie))).Text()
	}
	if !strings.Contains(changes(), "nog geen momentopname") {
		t.Error("without a snapshot")
	}
	if _, err := l.Store.MakeSnapshot(t.Context(), l.Study, "swv", "Rapport", "", store.BySystem, *l.clock.Load()); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(changes(), "Er veranderde geen tekst.") {
		t.Error(changes())
	}
	var rows []form.FileRow
	for i := 12; i < 24; i++ {
		rows = append(rows, form.FileRow{Line: i + 2, Unit: l.Links["swv"][i].Unit, Mode: answer.Web, Status: answer.Submitted, Sent: *l.clock.Load(), Answers: answer.Values{"b5_11_kern": "1", "b5_11_overig": "5"}})
	}
	if problems, err := l.Store.ImportResponses(t.Context(), l.Study, "swv", l.Forms["swv"], rows, store.BySystem, *l.clock.Load()); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	if text := changes(); !strings.Contains(text, "Bij 1 tabel veranderde de tekst.") || !strings.Contains(text, "Tabel B.5.11") || !strings.Contains(text, "Wordt") {
		t.Error(text)
	}
	wantStatus(t, "a share that is none", l.post(t, base+"/analyse/schalen/instelling", cookie, url.Values{"deel": {"nul"}}), http.StatusUnprocessableEntity)
	wantStatus(t, "a share", l.post(t, base+"/analyse/schalen/instelling", cookie, url.Values{"deel": {"62,5"}}), http.StatusSeeOther)
	if body := bodyOf(t, l.get(t, base+"/analyse/schalen/swv", cookie)); !strings.Contains(body, "een score bij 62.5% van de stellingen") {
		t.Error("the share of the study is not told")
	}
}
