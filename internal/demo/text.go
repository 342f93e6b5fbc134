package demo

import (
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/uitvraag/uitvraag/internal/instrument"
)

// subjects says what the open questions are about.
var subjects = map[string]string{
	"b5_12": "tevreden", "b5_23": "opbrengst", "b5_25": "knelpunt", "b5_26": "actie_swv", "b5_27": "kans",
	"b6_13": "tevreden", "b6_31": "opbrengst", "b6_33": "knelpunt", "b6_x1": "actie_gemeente", "b6_x2": "kans",
	"b6_23": "verschil_plan", "b6_26": "verschil_geld", "b6_29": "verschil_monitor",
}

// open lets as many units write a text as did in 2018; the same ones tend to
// write at every question.
func (l *filler) open(q *instrument.Question, base []*respondent) {
	t, ok := l.tables[q.ID]
	n := units(base) * 6 / 10
	if ok {
		n = min((2*t.Texts*units(base)+t.Of)/(2*t.Of), units(base))
	}
	subject := subjects[q.ID]
	for i, yes := range choose(base, l.scores(base, l.factor("writes", .1), .5, q.ID), n) {
		if yes {
			base[i].values[q.ID] = l.text(l.nuance(subject, base[i]), base[i], q.ID)
		}
	}
}

// nuance lets an explanation fit how satisfied somebody is.
func (l *filler) nuance(subject string, w *respondent) string {
	if subject != "tevreden" {
		return subject
	}
	mark := w.values["b5_11_kern"] + w.values["b6_12_bao"]
	switch mark {
	case "1", "2":
		return "ontevreden"
	case "4", "5":
		return "tevreden"
	}
	return "wisselend"
}

// examples describes a good practice, and sometimes a second one.
func (l *filler) examples(q *instrument.Question, base []*respondent) {
	scores := l.scores(base, l.factor("writes", .1), .5, q.ID)
	for i, second := range choose(base, scores, len(base)/8) {
		for n := 1; n <= 2 && (n == 1 || second); n++ {
			for _, f := range q.Fields {
				name := q.ID + "_" + strconv.Itoa(n) + "_" + f.ID
				base[i].values[name] = l.text("voorbeeld_"+f.ID, base[i], name)
			}
		}
	}
}

// text makes up what somebody writes about a subject: one sentence, or two that
// differ.
func (l *filler) text(subject string, w *respondent, variable string) string {
	from := sentences[subject]
	h := fnv.New64a()
	_, _ = h.Write([]byte(l.topic + variable + w.member.code)) // never fails (hash.Hash)
	n := h.Sum64()
	first := n % uint64(len(from))
	text := from[first]
	if strings.HasSuffix(text, ".") && n>>32%5 < 2 {
		text += " " + from[(first+1+n>>16%uint64(len(from)-1))%uint64(len(from))]
	}
	return text
}
