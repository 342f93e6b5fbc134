package store_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/fixture"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/sheet"
	"github.com/uitvraag/uitvraag/internal/store"
)

// register reads a register as the command does.
func register(t *testing.T, audience, text string) sample.Register {
	t.Helper()
	tab, problems := sheet.Parse([]byte(text), sheet.Limits{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, problems := sample.Read(sample.KindOf(audience), tab)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return r
}

func (f *field) load(t *testing.T, audience, text, reason string) (sample.Change, error) {
	t.Helper()
	return f.Store.ImportRegister(t.Context(), store.Import{Study: f.Study.ID, Audience: audience, Register: register(t, audience, text), Reason: reason, By: store.BySystem, Now: fixture.Now})
}

func (f *field) unit(t *testing.T, audience, code string) store.Unit {
	t.Helper()
	u, err := f.Store.Unit(t.Context(), f.Study.ID, audience, code)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestAFailedRegisterLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	f := newField(t, 1)
	before := f.everything(t)
	r := register(t, "gemeente", "code;naam\nGM0014;Groningen\nGM0034;Almere\n")
	r.Units[1].Organisation.Name = "a\x00b" // the database refuses this one
	_, err := f.Store.ImportRegister(t.Context(), store.Import{Study: f.Study.ID, Audience: "gemeente", Register: r, By: store.BySystem, Now: fixture.Now})
	if err == nil {
		t.Fatal("a register with an impossible name was taken")
	}
	if diff := cmp.Diff(before, f.everything(t)); diff != "" {
		t.Errorf("something was stored:\n%s", diff)
	}
	_, err = f.load(t, "onbekend", "code\nx\n", "")
	wantKind(t, "unknown audience", err, errs.NotFound)
}

func TestTheSameRegisterTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	const text = "code;naam;email;regio\nGM0014;Groningen;g@example.nl;Noord\n34;Almere;;Midden\n"
	change, err := f.load(t, "gemeente", text, "")
	if err != nil || len(change.Added) != 2 {
		t.Fatal(change, err)
	}
	units := one[string](t, f, `select string_agg(u::text, ';' order by id) from register.unit u`)
	contacts := one[string](t, f, `select string_agg(c::text, ';' order by id) from contact.contact c`)
	change, err = f.load(t, "gemeente", text, "")
	if err != nil || len(change.Added)+len(change.Changed)+len(change.Missing) != 0 {
		t.Fatalf("a second time: %+v, %v", change, err)
	}
	if got := one[string](t, f, `select string_agg(u::text, ';' order by id) from register.unit u`); got != units {
		t.Errorf("units changed from %s to %s", units, got)
	}
	if got := one[string](t, f, `select string_agg(c::text, ';' order by id) from contact.contact c`); got != contacts {
		t.Errorf("contacts changed from %s to %s", contacts, got)
	}
}

func TestANewRegisterUpdatesAndKeepsWhatIsMissing(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	if _, err := f.load(t, "gemeente", "code;naam;email;regio\nGM0014;Groningen;oud@example.nl;Noord\nGM0034;Almere;a@example.nl;Midden\n", ""); err != nil {
		t.Fatal(err)
	}
	links, _, err := f.Store.AddLinks(t.Context(), f.Study.ID, "gemeente", false, store.BySystem, fixture.Now)
	if err != nil {
		t.Fatal(err)
	}
	change, err := f.load(t, "gemeente", "code;naam;email;regio\nGM0014;Stad Groningen;nieuw@example.nl;Noord\nGM0003;Appingedam;;Noord\n", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(change.Added) != 1 || len(change.Changed) != 1 || len(change.Missing) != 1 {
		t.Errorf("change %+v", change)
	}
	if u := f.unit(t, "gemeente", "GM0014"); u.Name != "Stad Groningen" || !u.Listed || u.Contacts != 1 {
		t.Errorf("changed unit %+v", u)
	}
	if u := f.unit(t, "gemeente", "GM0034"); u.Name != "Almere" || u.Listed {
		t.Errorf("missing unit %+v", u)
	}
	if got := one[string](t, f, `select email from contact.contact c join register.unit u on u.id = c.unit where u.code = 'GM0014'`); got != "nieuw@example.nl" {
		t.Errorf("address is %s", got)
	}
	for _, l := range links { // no register may break a link that is in somebody's mail
		if got, err := f.Store.LinkByToken(t.Context(), l.Token); err != nil || got.UnitCode != l.Unit || !got.Revoked.IsZero() {
			t.Errorf("link of %s: %+v, %v", l.Unit, got, err)
		}
	}
	if _, err := f.load(t, "gemeente", "code;naam\nGM0034;Almere\n", ""); err != nil {
		t.Fatal(err)
	}
	if u := f.unit(t, "gemeente", "GM0034"); !u.Listed || u.Background["regio"] != "Midden" {
		t.Errorf("the unit came back as %+v", u)
	}
}

func TestAfterReleaseAChangeNeedsAReason(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	if _, err := f.load(t, "gemeente", "code;naam\nGM0014;Groningen\n", ""); err != nil {
		t.Fatal(err)
	}
	f.exec(t, `update register.study set released = now()`)
	_, err := f.load(t, "gemeente", "code;naam\nGM0014;Stad\nGM0034;Almere\n", "")
	wantKind(t, "a change without a reason", err, errs.Conflict)
	if n := one[int](t, f, `select count(*) from register.unit where audience = 'gemeente'`); n != 1 {
		t.Errorf("%d units after a refused change", n)
	}
	if _, err := f.load(t, "gemeente", "code;naam\nGM0014;Groningen\nGM0034;Almere\n", ""); err != nil {
		t.Errorf("adding a unit needed a reason: %v", err)
	}
	if _, err := f.load(t, "gemeente", "code;naam\nGM0014;Stad\nGM0034;Almere\n", "schrijffout in de bron"); err != nil {
		t.Fatal(err)
	}
	if note := one[string](t, f, `select e.note from field.event e join register.unit u on u.id = e.unit where e.kind = 'gewijzigd' and u.code = 'GM0014'`); !strings.Contains(note, "schrijffout in de bron") {
		t.Errorf("the history says %q", note)
	}
}

// A file with addresses only must not take the strata away that the response
// is compared on.
func TestAFileWithoutBackgroundKeepsTheStrata(t *testing.T) {
	t.Parallel()
	f := newField(t, 3)
	before, err := f.Store.Audience(t.Context(), f.Study.ID, "gemeente")
	if err != nil || len(before.Columns) == 0 {
		t.Fatal(before, err)
	}
	if _, err := f.load(t, "gemeente", "code;email\nGM9001;a@example.nl\n", ""); err != nil {
		t.Fatal(err)
	}
	after, err := f.Store.Audience(t.Context(), f.Study.ID, "gemeente")
	if err != nil || !slices.Equal(before.Strata, after.Strata) || !slices.Equal(before.Columns, after.Columns) {
		t.Errorf("strata %v, columns %v; before %v, %v (%v)", after.Strata, after.Columns, before.Strata, before.Columns, err)
	}
}

func TestStudiesHaveTheirOwnNames(t *testing.T) {
	t.Parallel()
	f := newField(t, 0)
	_, err := f.Store.AddStudy(t.Context(), f.Study, nil, fixture.Now)
	wantKind(t, "a second study with this slug", err, errs.Conflict)
}
