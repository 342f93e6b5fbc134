package demo

import (
	"fmt"
	"time"

	"github.com/uitvraag/uitvraag/internal/answer"
	"github.com/uitvraag/uitvraag/internal/event"
	"github.com/uitvraag/uitvraag/internal/store"
)

// Open returns a study that is in its third week at now, with units in every
// state.
func Open(now time.Time) (store.Past, error) {
	place, err := amsterdam()
	if err != nil {
		return store.Past{}, fmt.Errorf("demo: %w", err)
	}
	opens, closes := period(now.In(place))
	d, err := begin("Demo nu", "inventarisatie-2026", opens, closes)
	if err != nil {
		return store.Past{}, err
	}
	d.until = now
	for i, n := range []states{{sent: 46, busy: 14, refused: 4, bounced: 3}, {sent: 88, busy: 33, covering: 6, refused: 7, bounced: 6}} {
		d.tell(d.populations[i].kind)
		if err := d.thirdWeek(&d.populations[i], n, now); err != nil {
			return store.Past{}, err
		}
	}
	d.ladder()
	return d.past, nil
}

// period returns a working day about two and a half weeks ago, nine o'clock,
// and a working day some 39 days later, five o'clock.
func period(now time.Time) (opens, closes time.Time) {
	y, m, d := now.Date()
	for _, ago := range []int{17, 18, 16, 19, 15, 20} {
		opens = time.Date(y, m, d-ago, 9, 0, 0, 0, now.Location())
		if working(opens) {
			break
		}
	}
	y, m, d = opens.AddDate(0, 0, 39).Date()
	closes = time.Date(y, m, d, 17, 0, 0, 0, now.Location())
	for !working(closes) {
		closes = closes.AddDate(0, 0, -1)
	}
	return opens, closes
}

// states says how many units are in which state; the others have not begun.
type states struct{ sent, busy, covering, refused, bounced int }

func (d *demonstration) thirdWeek(p *population, n states, now time.Time) error {
	members := make([]*member, len(p.members))
	for i, m := range p.members { // who does what has nothing to do with 2018
		members[i] = &member{code: m.code, name: m.name, background: m.background}
	}
	d.rand.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	take := func(k int) []*member {
		taken := members[:k]
		members = members[k:]
		return taken
	}
	var who []*respondent
	for _, m := range take(n.sent + n.busy) {
		who = append(who, &respondent{member: m, weight: 1})
	}
	for i, m := range take(n.covering) {
		who[i].member.covers = []string{m.code}
		who[i].weight++
	}
	fill(d.form, published(d.audience), who, "2026 "+d.audience)
	for i, w := range who {
		d.soFar(w, i >= n.sent, now)
	}
	for _, m := range take(n.refused) {
		d.happened(m, event.Refused, d.before(now), "mail", pick(d.rand, []string{"Geen tijd.", "Geen tijd.", "Te veel vragen."}))
	}
	for _, m := range take(n.bounced) {
		d.bounced(m)
	}
	for _, m := range take(3) {
		d.happened(m, event.Called, d.before(now), "tel", "Vraagt om de link nog eens te sturen.")
	}
	return nil
}

// soFar tells how far a respondent came before now. Who is busy stopped
// somewhere after the first page.
func (d *demonstration) soFar(w *respondent, busy bool, now time.Time) {
	status := answer.Submitted
	if busy {
		status = ""
		pages := d.form.Visible(w.values)
		w.stop = pages[1+d.rand.IntN(len(pages)-1)].Question.ID
		if w.stop == pages[0].Question.ID {
			w.stop = pages[len(pages)-1].Question.ID
		}
	}
	d.response(w, status, d.before(now))
}

// before returns a moment since opening at which somebody may have started, at
// least a working day before now.
func (d *demonstration) before(now time.Time) time.Time {
	for {
		days := startDay(d.rand, 20)
		if t := d.at(d.rand, days); t.Before(now.AddDate(0, 0, -1)) {
			return t
		}
	}
}
