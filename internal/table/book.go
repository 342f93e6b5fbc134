package table

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/uitvraag/uitvraag/internal/dataset"
	"github.com/uitvraag/uitvraag/internal/errs"
	"github.com/uitvraag/uitvraag/internal/instrument"
)

// NewBook makes the tables of every question in order; spec names no question.
// Crossed with an answer, the question that it belongs to is left out.
func NewBook(spec Spec, in *instrument.Instrument, d *dataset.Dataset, codings ...Coding) (*Book, error) {
	if spec.Question != "" {
		return nil, errs.Errorf(errs.Invalid, "Een tabellenboek gaat over alle vragen.")
	}
	m, err := newMaker(spec, in, d)
	if err != nil {
		return nil, err
	}
	m.codings = codings
	b := &Book{Study: d.Study, Title: d.Title, Instrument: in.Name, Edition: in.Edition, Generated: d.Taken, Units: m.n, Questionnaires: m.d.Questionnaires(),
		Population: m.population[0], Spec: spec, Warnings: []Warning{}}
	var questions []*instrument.Question
	sections := map[*instrument.Question]string{}
	for s := range in.Sections {
		for i := range in.Sections[s].Questions {
			q := &in.Sections[s].Questions[i]
			if !q.Unprinted && (m.by == nil || m.by.Question != q.ID) {
				questions = append(questions, q)
				sections[q] = in.Sections[s].Title
			}
		}
	}
	if b.Tables, err = m.all(questions); err != nil {
		return nil, err
	}
	for i, t := range b.Tables {
		t.Section = sections[questions[i]]
		b.list(t, questions[i])
	}
	m.define(b, questions)
	b.remark(m)
	return b, nil
}

// all makes tables on as many processors as there are; a table reads the dataset
// and nothing else.
func (m *maker) all(questions []*instrument.Question) ([]*Table, error) {
	tables, faults := make([]*Table, len(questions)), make([]error, len(questions))
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(runtime.GOMAXPROCS(0), len(questions)) {
		wait.Go(func() {
			for i := range next {
				tables[i], faults[i] = m.make(questions[i])
			}
		})
	}
	for i := range questions {
		next <- i
	}
	close(next)
	wait.Wait()
	for _, err := range faults {
		if err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// list puts a table in the contents and the path of N.
func (b *Book) list(t *Table, q *instrument.Question) {
	if n := len(b.Contents); n == 0 || b.lastSection() != t.Section {
		b.Contents = append(b.Contents, Entry{Section: t.Section, Title: t.Section})
	}
	b.Contents = append(b.Contents, Entry{Table: t.ID, Title: t.Title})
	if q.Kind != instrument.Open && q.Kind != instrument.Repeated { // of a text nobody knows who came so far
		b.Path = append(b.Path, Step{Table: t.ID, Question: t.Question, Bases: *t.Bases})
	}
}

func (b *Book) lastSection() string {
	for _, e := range slices.Backward(b.Contents) {
		if e.Table == "" {
			return e.Title
		}
	}
	return ""
}

// define adds the definition of a term to the first table that uses it.
func (m *maker) define(b *Book, questions []*instrument.Question) {
	seen := map[string]bool{}
	for s := range m.in.Sections {
		for _, id := range m.in.Sections[s].Definitions { // shown with the section: before its first question
			for i, q := range questions {
				if slices.ContainsFunc(m.in.Sections[s].Questions, func(x instrument.Question) bool { return x.ID == q.ID }) {
					m.note(b.Tables[i], id, seen)
					break
				}
			}
		}
		for _, own := range m.in.Sections[s].Questions {
			t := b.Table(own.ID)
			if t == nil {
				continue
			}
			ids := slices.Clone(own.Definitions)
			for _, r := range own.Rows {
				ids = append(ids, r.Definitions...)
			}
			for _, id := range ids {
				m.note(t, id, seen)
			}
		}
	}
}

func (m *maker) note(t *Table, id string, seen map[string]bool) {
	if d, ok := m.in.Definition(id); ok && !seen[id] {
		seen[id] = true
		t.Notes = append(t.Notes, d.Term+": "+d.Text)
	}
}

// remark writes what holds for all tables, and keeps of the warnings about the
// base those where it changes.
func (b *Book) remark(m *maker) {
	b.Notes = append(b.Notes, "Percentages zijn afgerond op hele procenten; daardoor tellen zij niet altijd op tot 100.")
	switch {
	case b.Spec.Base == Substantive:
		b.Notes = append(b.Notes, "Wie ‘geen zicht op’ of ‘n.v.t.’ antwoordde, telt niet mee in de basis.")
	default:
		b.Notes = append(b.Notes, "Wie ‘geen zicht op’ of ‘n.v.t.’ antwoordde, telt mee in de basis; wie een vraag openliet niet.")
	}
	if b.Questionnaires < b.Units {
		b.Notes = append(b.Notes, fmt.Sprintf("De tabellen tellen %s, uit %d vragenlijsten: sommige gelden voor meer dan een.", m.nouns.count(b.Units), b.Questionnaires))
	}
	if b.Spec.NoTelephone {
		b.Notes = append(b.Notes, "Wie alleen telefonisch kernvragen beantwoordde, telt niet mee.")
	}
	if b.Spec.NoCovered {
		b.Notes = append(b.Notes, fmt.Sprintf("Alleen %s met een eigen vragenlijst tellen mee.", m.nouns.many))
	}
	if m.weighting != "" {
		b.Notes = append(b.Notes, "De percentages zijn gewogen ("+m.weighting+"); N is het aantal antwoorden, ongewogen.")
	}
	var last *Bases
	for _, t := range b.Tables {
		same := last != nil && *last == *t.Bases
		t.Warnings = slices.DeleteFunc(t.Warnings, func(w Warning) bool { return w.Kind == BaseChanged && same })
		if t.Layout != Codes && t.Layout != List {
			last = t.Bases
		}
		for _, w := range t.Warnings {
			if w.Kind == Mixed {
				w.Table = t.ID
				b.Warnings = append(b.Warnings, w)
			}
		}
	}
}
