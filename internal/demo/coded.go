package demo

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/uitvraag/uitvraag/internal/account"
	"github.com/uitvraag/uitvraag/internal/coding"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// meant is which codes belong to the sentences of the demonstration, by variable.
// A sentence that is not named is for the rest.
var meant = map[string]map[string]string{
	"b5_12": {
		"De intern begeleiders en het jeugdteam bellen elkaar": "03", "Wij zitten elke zes weken": "03", "Sinds er op elke school een vast gezicht": "09", "Het gaat goed, al hangt": "01", "De lijnen zijn kort": "03",
		"Ouders merken dat school": "03", "De basis staat": "01", "Een aanvraag ligt soms maanden": "06", "Er zijn mooie plannen": "05", "Iedereen wijst naar een ander": "02", "De school hoort vaak niet": "02",
		"Elke gemeente doet het weer": "07", "Wij beginnen steeds opnieuw": "02", "Het aanbod past niet": "04", "Er gebeurt veel, maar": "07", "Bestuurlijk zijn wij het eens": "05", "In het basisonderwijs loopt het": "01",
		"Wij zijn begonnen en leren": "01", "Afspraken zijn er": "05", "De wil is er": "01",
	},
	"b5_25": {
		"Het is vaak niet helder": "01", "De wachttijd bij": "02", "Onderwijsgeld en zorggeld": "03", "Er is te weinig geld": "04", "Medewerkers wisselen zo vaak": "08", "School en hulpverlener gebruiken": "09",
		"Wij hebben met te veel": "07", "Waar ondersteuning ophoudt": "06", "Leerlingen uit een buurgemeente": "01", "Regels over privacy": "15", "Het ontbreekt aan tijd": "05", "Hulp komt pas": "10",
	},
}

// codes are what a coder makes of an answer. Now and then one chooses otherwise.
func codes(f coding.Frame, text string, coder int) []string {
	var out []string
	for start, code := range meant[f.Variable] {
		if strings.Contains(text, start) && !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	if len(out) == 0 {
		out = []string{coding.RestID}
	}
	h := fnv.New32a()
	_, _ = fmt.Fprintf(h, "%s %d", text, coder) // never fails (hash.Hash)
	if n := h.Sum32(); n%11 == 0 {
		out = []string{f.Codes[int(n>>8)%len(f.Codes)].ID}
	}
	return out
}

// Code lets two made-up coders code open answers of the closed study, all that two
// people code and part of the rest, and makes good examples of what was sent, so
// that everything can be seen in use.
func Code(ctx context.Context, s *store.Store, st study.Study) error {
	at := st.Closes.AddDate(0, 0, 3)
	var coders []store.Actor
	for _, name := range []string{"codeur-a", "codeur-b"} {
		token, err := s.AddLogin(ctx, account.Account{Email: name + "@uitvraag.example", Name: "Demo " + name, Role: account.Codeur, Study: st.ID}, store.BySystem, at)
		if err != nil {
			return fmt.Errorf("demo: coders: %w", err)
		}
		a, err := s.LoginAccount(ctx, token, at)
		if err != nil {
			return fmt.Errorf("demo: coders: %w", err)
		}
		coders = append(coders, store.Actor{Kind: event.ByStaff, ID: a.ID})
	}
	for _, variable := range []string{"b5_12", "b5_25"} {
		k := store.CodingKey{Study: st.ID, Audience: "swv", Variable: variable}
		f, _ := coding.Builtin(variable)
		f, problems := coding.Start(variable, f)
		if len(problems) > 0 {
			return fmt.Errorf("demo: the frame of %s: %v", variable, problems)
		}
		if err := s.BeginFrame(ctx, k, f, store.BySystem, at); err != nil {
			return err
		}
		if err := codeAll(ctx, s, k, coders, at); err != nil {
			return err
		}
	}
	return showExamples(ctx, s, st, coders[0], at)
}

// codeAll has each coder code what waits; the second stops where one is enough.
func codeAll(ctx context.Context, s *store.Store, k store.CodingKey, coders []store.Actor, at time.Time) error {
	for n, by := range coders {
		w, _, err := s.Coding(ctx, k)
		if err != nil {
			return err
		}
		for _, a := range w.Answers {
			if w.Wants(a.ID) < 2 && (n == 1 || a.ID%5 == 0) {
				continue // some wait for who looks
			}
			at = at.Add(20 * time.Second)
			if err := s.Assign(ctx, k, coding.Assignment{Answer: a.ID, At: at, Codes: codes(w.Frame, a.Text, n), Doubt: n == 1 && a.ID%37 == 0}, by); err != nil {
				return err
			}
		}
	}
	w, _, err := s.Coding(ctx, k)
	if err != nil {
		return err
	}
	for i, a := range w.ToDecide() { // half of them: the rest is there to be tried
		if i%2 == 0 {
			at = at.Add(time.Minute)
			if err := s.Assign(ctx, k, coding.Assignment{Answer: a.ID, At: at, Codes: codes(w.Frame, a.Text, 2), Decision: true}, coders[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// told is what the made-up examples are called, and what they are about.
var told = map[string]struct {
	title, heading string
	tags           []string
}{
	"Een jeugdhulpverlener heeft": {"Een jeugdhulpverlener met een eigen kamer in de school", "Jeugdhulp in de school", []string{"basis", "vraag_school"}},
	"Een klas met een leraar":     {"Leraar en behandelaar samen voor de klas", "Passende plek in het onderwijs", []string{"oza", "vraag_oza"}},
	"Een brugteam gaat mee":       {"Een brugteam van groep acht naar het eerste jaar", "Samenwerking en gezamenlijke aanpak", []string{"vo_team", "vraag_school"}},
	"Een inloopuur waar":          {"Een inloopuur voor ouders, school en hulp", "Snelle hulp, korte lijnen", []string{"po_naar_school", "signalen"}},
	"Een vast team rond":          {"Eén vast team rond vijf scholen", "Snelle hulp, korte lijnen", []string{"po_wijkteam", "integraal"}},
	"Een groep voor jongeren":     {"De ochtend op school na een tijd thuis", "Thuiszitten voorkomen", []string{"oza", "vraag_oza"}},
	"Leraren en jeugdwerkers":     {"Samen op training over gedrag", "Vroeg signaleren", []string{"basis", "vraag_sturing"}},
}

// showExamples makes texts of what was sent: some are public, some wait.
func showExamples(ctx context.Context, s *store.Store, st study.Study, by store.Actor, at time.Time) error {
	seen := map[string]bool{}
	for _, q := range []struct{ audience, question string }{{"swv", "b5_28_voorbeelden"}, {"gemeente", "b6_34_voorbeelden"}} {
		list, err := s.GoodExamples(ctx, st.ID, q.audience, q.question, []string{"omschrijving", "partijen", "doel"}, instrument.MaxRepeats)
		if err != nil {
			return err
		}
		for _, g := range list {
			for start, x := range told {
				if !strings.HasPrefix(g.Sent["omschrijving"], start) || seen[q.audience+start] {
					continue
				}
				seen[q.audience+start] = true
				if err := showExample(ctx, s, st, g, store.ExampleText{Title: x.title, About: g.Sent["omschrijving"], Parties: g.Sent["partijen"], Goal: g.Sent["doel"], Heading: x.heading, Tags: x.tags}, len(seen)%4 != 0, by, at); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func showExample(ctx context.Context, s *store.Store, st study.Study, g store.GoodExample, t store.ExampleText, public bool, by store.Actor, at time.Time) error {
	if err := s.SaveExample(ctx, st.ID, g, t, by, at); err != nil || !public {
		return err
	}
	if err := s.MarkExample(ctx, st.ID, g, store.ExampleConsent, "mail", 0, by, at); err != nil {
		return err
	}
	list, err := s.GoodExamples(ctx, st.ID, g.Audience, g.Question, []string{"omschrijving"}, instrument.MaxRepeats)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(x store.GoodExample) bool { return x.Response == g.Response && x.Place == g.Place })
	return s.MarkExample(ctx, st.ID, g, store.ExamplePublished, "", list[i].Version, by, at)
}
