// Package demo makes up studies to show the product with: organisations, what
// happened to them, and answers. The organisations do not exist; the answers of
// 2018 divide as the published tables do. Everything is made from fixed seeds,
// so two runs give the same.
//
// It is plain arithmetic up to a store.Past. The published numbers cannot all
// be true; what was done about it:
//
//   - B.5.29 prints 25 and 77 % of 75; it is 19 and 56, 25 and 75 %.
//   - B.6.7 prints 85 % for the gemeente in vo, beside 37 % who can't have
//     ticked a school type; it is what is left, 64 % when those are rounded.
//   - No counts give the percentages of visie_3, visie_4 (B.6.14), vertrouwen_1
//     and vertrouwen_4 (B.6.15), which add up to 102; the largest cell is lower
//     by a point.
//   - 188 complete questionnaires and 17 covered units are 205, and the last
//     questions have N = 206: one of the twelve partial responses reached the
//     end and was not sent.
//   - Swapped and copied cells that are possible (B.6.18, B.6.22) are kept.
package demo

import (
	"fmt"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/form"
	"github.com/uitvraag/uitvraag/internal/instrument"
	"github.com/uitvraag/uitvraag/internal/sample"
	"github.com/uitvraag/uitvraag/internal/store"
	"github.com/uitvraag/uitvraag/internal/study"
)

// The slugs of the two studies.
const (
	ClosedSlug = "demo-2018"
	OpenSlug   = "demo-nu"
)

// A demonstration has a story per audience and the parts they share.
type demonstration struct {
	story
	populations []population
	areas       []sample.Area
	forms       map[string]*form.Form
}

// begin makes a study without answers.
func begin(title, definition string, opens, closes time.Time) (*demonstration, error) {
	d, ok := instrument.StudyByName(definition)
	if !ok {
		return nil, fmt.Errorf("demo: no definition %s", definition)
	}
	st, err := study.New(title, definition, opens, closes)
	if err != nil {
		return nil, fmt.Errorf("demo: %w", err)
	}
	st.Settings, st.Released = settings, opens
	st.Settings.Privacy = study.Privacy{Agreement: "VWO-2018-014", Basis: study.PublicTask, Officer: "fg@uitvraag.example", SubProcessors: "Hosting: rekencentrum van de uitvoerder",
		Sources: "De websites van de organisaties, en de telefoon. Alles in deze demonstratie is verzonnen."}
	demo := &demonstration{populations: []population{swvs(), gemeenten()}, forms: map[string]*form.Form{}}
	demo.calendar = calendar{opens, closes, closes}
	demo.past = store.Past{Study: st, Sources: d.Sources, Read: opens.AddDate(0, 0, -12), Linked: opens}
	demo.areas = areas(demo.populations[0], demo.populations[1])
	for _, src := range d.Sources {
		in, problems := src.Parse()
		if in == nil {
			return nil, fmt.Errorf("demo: the instrument %s cannot be read: %v", src.Name, problems)
		}
		demo.forms[src.Name] = form.New(in)
	}
	for i := range demo.populations {
		r := demo.populations[i].register(d.Sources[0].Edition)
		if r.Kind == sample.Gemeente {
			r.Areas = demo.areas
		}
		demo.past.Registers = append(demo.past.Registers, r)
	}
	return demo, nil
}

// tell makes the story go on with one audience.
func (d *demonstration) tell(audience sample.Kind) {
	d.audience, d.form = string(audience), d.forms[string(audience)]
	d.rand = chance(d.past.Study.Slug + " history " + d.audience)
}

// Closed returns the study of 2018: its response, refusals and tables are those
// that were published.
func Closed() (store.Past, error) {
	place, err := amsterdam()
	if err != nil {
		return store.Past{}, fmt.Errorf("demo: %w", err)
	}
	d, err := begin("Demo 2018", "inventarisatie-2018", time.Date(2018, 1, 15, 9, 0, 0, 0, place), time.Date(2018, 2, 23, 17, 0, 0, 0, place))
	if err != nil {
		return store.Past{}, err
	}
	d.past.Study.Settings.Privacy.Retention.Held = true // or the clock would take the codes of its units
	for i := range d.populations {
		d.tell(d.populations[i].kind)
		if err := d.year2018(&d.populations[i]); err != nil {
			return store.Past{}, err
		}
	}
	d.ladder()
	return d.past, nil
}

func (d *demonstration) year2018(p *population) error {
	var who []*respondent
	for _, m := range p.members {
		switch m.outcome {
		case whole, partly, byPhone:
			who = append(who, &respondent{member: m, weight: 1 + len(m.covers), core: m.outcome == byPhone, stop: m.stop})
		}
	}
	fill(d.form, published(d.audience), who, "2018 "+d.audience)
	for _, w := range who {
		d.answered2018(w)
	}
	quiet := 0
	for _, m := range p.members {
		switch m.outcome {
		case refusing:
			d.happened(m, event.Refused, d.at(d.rand, 21+d.rand.IntN(5)), "tel", m.reason)
		case nothing:
			if quiet++; quiet%25 == 7 {
				d.bounced(m)
			}
			d.happened(m, event.CallNoAnswer, d.at(d.rand, 21+d.rand.IntN(5)), "tel", "")
		}
	}
	return nil
}

// answered2018 tells how the answers of one unit came in.
func (d *demonstration) answered2018(w *respondent) {
	day := startDay(d.rand, 39)
	if w.core {
		day = 21 + d.rand.IntN(8)
		d.happened(w.member, event.Refused, d.at(d.rand, day-7), "mail", w.member.reason)
		d.response(w, answer.Kernvragen, d.at(d.rand, day))
		return
	}
	if day > 21 {
		d.happened(w.member, event.Promised, d.at(d.rand, 21), "tel", "Zegt toe de vragenlijst in te vullen.")
	}
	if w.member.outcome == partly {
		d.response(w, answer.Partial, d.at(d.rand, day))
		return
	}
	d.response(w, answer.Submitted, d.at(d.rand, day))
}
